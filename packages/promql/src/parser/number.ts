import { quoteString } from "./go-quote.ts";

const INTEGER = /^(?:0[xX][0-9a-fA-F]+|[0-9]+)$/;
const FLOAT = /^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
/** An underscore stands between two digits, or between `0x` and a digit. */
const MISPLACED_UNDERSCORE = /(?:^|[^0-9a-fA-FxX])_|_(?:$|[^0-9a-fA-F])/;
const MAX_INT64 = 2n ** 63n - 1n;

/** A number, or the reason why the text is none. */
export type ParsedNumber =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly reason: string };

/**
 * The value of a number token by Go's rules: `0x` is hexadecimal, a leading zero octal when all
 * digits allow it, underscores may separate digits, `Inf` and `NaN` in any case. The reason of a
 * refusal is Go's text.
 */
export function parseNumber(text: string): ParsedNumber {
  const word = text.toLowerCase();
  if (word === "inf") return { ok: true, value: Number.POSITIVE_INFINITY };
  if (word === "nan") return { ok: true, value: Number.NaN };
  const digits = text.replaceAll("_", "");
  if (!MISPLACED_UNDERSCORE.test(text)) {
    const integer = parseInteger(digits);
    if (integer !== undefined) return { ok: true, value: integer };
    if (FLOAT.test(digits)) {
      const value = Number(digits);
      if (Number.isFinite(value)) return { ok: true, value };
      return refusal(text, "value out of range");
    }
  }
  return refusal(text, "invalid syntax");
}

function parseInteger(digits: string): number | undefined {
  if (!INTEGER.test(digits)) return undefined;
  const isOctal = digits.length > 1 && /^0[0-9]/.test(digits);
  if (isOctal && /[89]/.test(digits)) return undefined;
  const value = BigInt(isOctal ? `0o${digits.slice(1)}` : digits);
  return value <= MAX_INT64 ? Number(value) : undefined;
}

function refusal(text: string, cause: string): ParsedNumber {
  const reason = `error parsing number: strconv.ParseFloat: parsing ${quoteString(text)}: ${cause}`;
  return { ok: false, reason };
}
