import type { Cursor } from "./cursor.ts";
import { unicodeNotation } from "./go-quote.ts";
import type { Token } from "./token.ts";

const MAX_CODE_POINT = 0x10ffff;

interface NumericEscape {
  readonly digits: number;
  readonly base: number;
  readonly max: number;
}

const NUMERIC_ESCAPES: Readonly<Record<string, NumericEscape>> = {
  x: { digits: 2, base: 16, max: 255 },
  u: { digits: 4, base: 16, max: MAX_CODE_POINT },
  U: { digits: 8, base: 16, max: MAX_CODE_POINT },
};
const OCTAL_ESCAPE: NumericEscape = { digits: 3, base: 8, max: 255 };

/** Reads a quoted string whose opening quote is already taken. */
export function lexString(cursor: Cursor, quote: string): Token {
  for (;;) {
    const char = cursor.next();
    if (char === quote) return cursor.emit("string");
    if (char === "\\") lexEscape(cursor, quote);
    else if (char === "\ufffd") cursor.fail("invalid UTF-8 rune");
    else if (char === "" || char === "\n") cursor.fail("unterminated quoted string");
  }
}

/** Reads a string in backticks, where nothing is escaped; the first backtick is already taken. */
export function lexRawString(cursor: Cursor): Token {
  for (;;) {
    const char = cursor.next();
    if (char === "`") return cursor.emit("string");
    if (char === "\ufffd") cursor.fail("invalid UTF-8 rune");
    if (char === "") cursor.fail("unterminated raw string");
  }
}

function lexEscape(cursor: Cursor, quote: string): void {
  const char = cursor.next();
  if (char === "") cursor.fail("escape sequence not terminated");
  if (char === quote || "abfnrtv\\".includes(char)) return;
  if (char >= "0" && char <= "7") {
    checkDigits(cursor, char, OCTAL_ESCAPE);
    return;
  }
  const numeric = NUMERIC_ESCAPES[char];
  if (numeric === undefined) cursor.fail(`unknown escape sequence ${unicodeNotation(char)}`);
  checkDigits(cursor, cursor.next(), numeric);
}

function checkDigits(cursor: Cursor, first: string, { digits, base, max }: NumericEscape): void {
  let value = 0;
  for (let i = 0, char = first; i < digits; i++, char = i < digits ? cursor.next() : "") {
    if (char === "") cursor.fail("escape sequence not terminated");
    const digit = /^[0-9a-fA-F]$/.test(char) ? Number.parseInt(char, 16) : base;
    if (digit >= base) cursor.fail(`illegal character ${unicodeNotation(char)} in escape sequence`);
    value = value * base + digit;
  }
  if (value > max || (value >= 0xd800 && value < 0xe000)) {
    cursor.fail("escape sequence is an invalid Unicode code point");
  }
}
