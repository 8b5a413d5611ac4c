const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
};

/** What Go's unicode.IsPrint takes as printable. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** What an invalid or missing character is shown as. */
const REPLACEMENT = "\ufffd";

/**
 * A string in double quotes with the escapes of Go's strconv.Quote, except that U+FFFD is escaped
 * too, as the PromQL lexer refuses it inside strings.
 */
export function quoteString(text: string): string {
  return `"${Array.from(text, (char) => escapeChar(char, '"')).join("")}"`;
}

/** The beginning of a string, quoted, when it is long: Go's `%.10q...` above 10 bytes. */
export function quoteShortened(text: string, byteLength: number): string {
  const LIMIT = 10;
  if (byteLength <= LIMIT) return quoteString(text);
  return `${quoteString(Array.from(text).slice(0, LIMIT).join(""))}...`;
}

/** A character in single quotes as Go's `%q` shows a rune; "" (end of input) as U+FFFD. */
export function quoteChar(char: string): string {
  if (char === "" || char === REPLACEMENT) return `'${REPLACEMENT}'`;
  return `'${escapeChar(char, "'")}'`;
}

/** Go's `%#U`: the code point and, when printable, the character itself. */
export function unicodeNotation(char: string): string {
  const hex = (char.codePointAt(0) ?? 0xfffd).toString(16).toUpperCase().padStart(4, "0");
  return PRINTABLE.test(char) ? `U+${hex} '${char}'` : `U+${hex}`;
}

function escapeChar(char: string, quote: string): string {
  if (char === quote) return `\\${quote}`;
  const short = SHORT_ESCAPES[char];
  if (short !== undefined) return short;
  if (char !== REPLACEMENT && PRINTABLE.test(char)) return char;
  const code = char.codePointAt(0) ?? 0xfffd;
  const hex = (width: number) => code.toString(16).padStart(width, "0");
  // What `unquote` makes of a byte that is not UTF-8.
  if (code >= 0xdc80 && code < 0xdd00) return `\\x${(code - 0xdc00).toString(16)}`;
  // Another lone surrogate cannot be written in UTF-8.
  if (code >= 0xd800 && code < 0xe000) return "\\ufffd";
  if (code < 0x80) return `\\x${hex(2)}`;
  return code < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}
