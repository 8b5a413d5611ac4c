const SIMPLE: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * The value of a string token, quotes included in `text`. The lexer has checked the escapes.
 * `\xNN` and `\NNN` are bytes; one that is not UTF-8 becomes the lone surrogate U+DC00 + byte, so that
 * the text is not well formed but still says what was written.
 */
export function unquote(text: string): string {
  const body = text.slice(1, -1);
  if (text.startsWith("`") || !body.includes("\\")) return body;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  let at = 0;
  while (at < body.length) {
    const backslash = body.indexOf("\\", at);
    bytes.push(...encoder.encode(body.slice(at, backslash < 0 ? body.length : backslash)));
    if (backslash < 0) break;
    const { end, encoded } = readEscape(body, backslash + 1, encoder);
    bytes.push(...encoded);
    at = end;
  }
  return decode(Uint8Array.from(bytes));
}

const strictDecoder = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });
const LONGEST_SEQUENCE = 4;

function decode(bytes: Uint8Array): string {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return decodeByCharacter(bytes);
  }
}

function decodeByCharacter(bytes: Uint8Array): string {
  let text = "";
  let at = 0;
  while (at < bytes.length) {
    const sequence = firstCharacter(bytes.subarray(at, at + LONGEST_SEQUENCE));
    text += sequence?.char ?? String.fromCharCode(0xdc00 + (bytes[at] ?? 0));
    at += sequence?.width ?? 1;
  }
  return text;
}

function firstCharacter(bytes: Uint8Array) {
  for (let width = 1; width <= bytes.length; width++) {
    try {
      return { char: strictDecoder.decode(bytes.subarray(0, width)), width };
    } catch {
      // not a whole sequence yet, or none at all
    }
  }
  return undefined;
}

interface Escape {
  readonly end: number;
  readonly encoded: Iterable<number>;
}

function readEscape(body: string, at: number, encoder: TextEncoder): Escape {
  const char = body.charAt(at);
  const simple = SIMPLE[char];
  if (simple !== undefined) return { end: at + 1, encoded: [simple] };
  const digits = HEX_DIGITS[char];
  if (digits !== undefined) {
    const end = at + 1 + digits;
    const value = Number.parseInt(body.slice(at + 1, end), 16);
    return { end, encoded: char === "x" ? [value] : encoder.encode(String.fromCodePoint(value)) };
  }
  if (char >= "0" && char <= "7") {
    return { end: at + 3, encoded: [Number.parseInt(body.slice(at, at + 3), 8)] };
  }
  return { end: at + 1, encoded: encoder.encode(char) };
}
