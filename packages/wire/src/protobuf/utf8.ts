/** A byte order mark is kept: it is part of the text. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Below this length a loop over ASCII bytes is faster than the decoder's call overhead. */
const SHORT_TEXT_BYTES = 32;

/** The text of `bytes[start..end)`, or undefined when it is not valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (end - start <= SHORT_TEXT_BYTES) {
    let text = "";
    let at = start;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      if (byte > 0x7f) break;
      text += String.fromCharCode(byte);
    }
    if (at === end) return text;
  }
  try {
    return decoder.decode(bytes.subarray(start, end));
  } catch {
    // TextDecoder throws a bare TypeError; the caller knows format and offset and reports them.
    return undefined;
  }
}

/**
 * Writes the UTF-8 of `text` at `offset` and returns the bytes written; the room must suffice.
 * Lone surrogates become U+FFFD.
 */
export function encodeUtf8Into(text: string, target: Uint8Array, offset: number): number {
  return encoder.encodeInto(text, target.subarray(offset)).written;
}
