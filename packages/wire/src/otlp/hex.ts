/**
 * Trace ids have 16 bytes. One more is kept of longer ones, enough to see that they are too long.
 */
const MAX_ID_BYTES = 17;

const HEX_OF_BYTE: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, "0"),
);

/** Lower-case hex of an id; "" when it is empty or all zero (OTLP: "not set"). */
export function idToHex(bytes: Uint8Array): string {
  const length = Math.min(bytes.length, MAX_ID_BYTES);
  let hex = "";
  let bits = 0;
  for (let i = 0; i < length; i++) {
    bits |= bytes[i]!;
    hex += HEX_OF_BYTE[bytes[i]!]!;
  }
  return bits === 0 ? "" : hex;
}

/** The bytes of a hex id; a trailing odd digit or a foreign character counts as 0. */
export function idFromHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length >>> 1);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = (hexDigit(hex.charCodeAt(2 * i)) << 4) | hexDigit(hex.charCodeAt(2 * i + 1));
  }
  return bytes;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : 0;
}
