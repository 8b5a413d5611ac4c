import { AvxError } from "@avx/model";
import { decodeUtf8 } from "../protobuf/utf8.ts";

const NEWLINE = 0x0a;
/** Character code of the space. */
export const SPACE = 0x20;
const TAB = 0x09;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Walks through an exposition character by character; every fault names its line. */
export class TextCursor {
  readonly text: string;
  at = 0;
  readonly #format: string;

  constructor(bytes: Uint8Array, format: string) {
    this.#format = format;
    this.text = decodeUtf8(bytes, 0, bytes.length) ?? "";
    if (this.text === "" && bytes.length > 0) throw this.fault("invalid UTF-8");
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The character code here, NaN at the end. */
  get code(): number {
    return this.text.charCodeAt(this.at);
  }

  /** Whether the line (or the text) ends here. */
  get isAtLineEnd(): boolean {
    return this.isAtEnd || this.code === NEWLINE;
  }

  skipBlanks(): void {
    while (this.code === SPACE || this.code === TAB) this.at++;
  }

  /** Steps over `text` when it stands here. */
  take(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  expect(text: string, what: string): void {
    if (!this.take(text)) throw this.fault(`expected ${what}`);
  }

  /** Ends the line: a newline, or the end of the text. */
  endLine(): void {
    if (!this.isAtLineEnd) throw this.fault("unexpected text at the end of the line");
    this.at++;
  }

  /** Characters up to a blank, a line end or "#" behind a blank; may be empty. */
  token(): string {
    const start = this.at;
    while (!this.isAtLineEnd && this.code !== SPACE && this.code !== TAB) this.at++;
    return this.text.slice(start, this.at);
  }

  /** Everything up to the line end. */
  restOfLine(): string {
    const end = this.text.indexOf("\n", this.at);
    const start = this.at;
    this.at = end < 0 ? this.text.length : end;
    return this.text.slice(start, this.at);
  }

  /** A name of letters, digits and "_" (and ":" in metric names) not starting with a digit. */
  name(allowColon: boolean): string {
    const start = this.at;
    while (isNameCode(this.code, allowColon, this.at > start)) this.at++;
    return this.text.slice(start, this.at);
  }

  /** A text in double quotes with the escapes \\ \" \n; any other backslash stays. */
  quoted(what: string): string {
    if (this.code !== QUOTE) throw this.fault(`expected ${what} in double quotes`);
    let text = "";
    let copied = ++this.at;
    for (; ; this.at++) {
      const { code } = this;
      if (this.isAtLineEnd) throw this.fault(`${what} does not end`);
      if (code === QUOTE) break;
      if (code !== BACKSLASH) continue;
      const replacement = ESCAPES.get(this.text.charAt(this.at + 1));
      if (replacement !== undefined) {
        text += this.text.slice(copied, this.at) + replacement;
        copied = this.at + 2;
      }
      this.at++;
    }
    text += this.text.slice(copied, this.at++);
    return text;
  }

  fault(reason: string): AvxError {
    let line = 1;
    for (let i = 0; i < this.at && i < this.text.length; i++) {
      if (this.text.charCodeAt(i) === NEWLINE) line++;
    }
    const format = this.#format;
    return new AvxError("malformed_payload", { format, reason: `${reason} in line ${line}`, line });
  }
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\\", "\\"],
  ['"', '"'],
  ["n", "\n"],
]);

function isNameCode(code: number, allowColon: boolean, allowDigit: boolean): boolean {
  const lower = code | 0x20;
  if ((lower >= 0x61 && lower <= 0x7a) || code === 0x5f) return true;
  if (code >= 0x30 && code <= 0x39) return allowDigit;
  return allowColon && code === 0x3a;
}

/** Undoes the escapes of a HELP text. */
export function unescapeHelp(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\([\\"n])/g, (_, char: string) => ESCAPES.get(char) ?? char);
}
