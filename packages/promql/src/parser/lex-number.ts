import { type Cursor, isAlphaNumeric } from "./cursor.ts";
import { quoteString } from "./go-quote.ts";
import type { Token } from "./token.ts";

const DECIMAL_DIGITS = "0123456789";
const HEX_DIGITS = "0123456789abcdefABCDEF";

/** Reads a number or a duration; whether its value is valid is checked when it is parsed. */
export function lexNumberOrDuration(cursor: Cursor): Token {
  if (scanNumber(cursor)) return cursor.emit("number");
  if (scanDurationRest(cursor)) return cursor.emit("duration");
  return cursor.fail(`bad number or duration syntax: ${quoteString(cursor.pending())}`);
}

/** Goes on after the first digits of a duration: unit, then digits and unit, and so on. */
function scanDurationRest(cursor: Cursor): boolean {
  if (!cursor.accept("smhdwy")) return false;
  cursor.accept("s");
  while (cursor.accept(DECIMAL_DIGITS)) {
    while (cursor.accept(DECIMAL_DIGITS));
    // `y` can only come first.
    if (!cursor.accept("smhdw")) return false;
    cursor.accept("s");
  }
  if (!isAlphaNumeric(cursor.peek())) {
    return true;
  }
  cursor.next();
  return false;
}

function scanNumber(cursor: Cursor): boolean {
  const start = cursor.at;
  let digits = DECIMAL_DIGITS;
  if (cursor.accept("0") && cursor.accept("xX")) {
    cursor.accept("_");
    digits = HEX_DIGITS;
  }
  cursor.accept(".");
  cursor.accept(digits);
  if (!scanNumberRest(cursor, digits)) return false;
  return cursor.at > start && !isAlphaNumeric(cursor.peek());
}

/** Digits with at most one dot, one exponent, and underscores that nothing but a digit follows. */
function scanNumberRest(cursor: Cursor, digits: string): boolean {
  let sawDot = false;
  let sawExponent = false;
  for (;;) {
    const char = cursor.peek();
    if (char === "" || !`${digits}._eE`.includes(char)) return true;
    if (char === ".") {
      cursor.next();
      if (sawDot || cursor.accept("_.") || digits === HEX_DIGITS) return false;
      sawDot = true;
    } else if (char === "e" || char === "E") {
      cursor.next();
      if (sawExponent) return false;
      sawExponent = true;
      cursor.accept("+-");
      if (cursor.accept("._eE") || cursor.peek() === "") return false;
    } else if (char === "_") {
      cursor.next();
      if (cursor.accept("._eE") || cursor.peek() === "") return false;
    } else {
      cursor.acceptWhile((next) => next !== "" && digits.includes(next));
    }
  }
}
