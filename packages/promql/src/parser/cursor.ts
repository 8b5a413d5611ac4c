import type { PositionRange } from "./ast.ts";
import type { Source } from "./source.ts";
import type { Token, TokenKind } from "./token.ts";

/** A place in the query and the start of the token that is being read. */
export class Cursor {
  start = 0;
  at = 0;
  readonly source: Source;

  constructor(source: Source) {
    this.source = source;
  }

  /** The next character without taking it, "" at the end. */
  peek(): string {
    return this.source.charAt(this.at);
  }

  /** Takes the next character, "" at the end. */
  next(): string {
    const char = this.peek();
    this.at += this.source.widthAt(this.at);
    return char;
  }

  /** Takes the next character when it is one of `set`. */
  accept(set: string): boolean {
    const char = this.peek();
    if (char === "" || !set.includes(char)) return false;
    this.at++;
    return true;
  }

  acceptWhile(matches: (char: string) => boolean): void {
    while (matches(this.peek())) this.next();
  }

  /** Drops what was read since the last token. */
  ignore(): void {
    this.start = this.at;
  }

  pending(): string {
    return this.source.slice(this.start, this.at);
  }

  emit(kind: TokenKind): Token {
    const token = { kind, text: this.pending(), range: { start: this.start, end: this.at } };
    this.start = this.at;
    return token;
  }

  /** Refuses the query; Prometheus marks everything from the current token to the end. */
  fail(text: string): never {
    const range: PositionRange = { start: this.start, end: this.source.length };
    return this.source.fail(range, text);
  }
}

/** White space of PromQL: blank, tab and line ends. */
export function isSpace(char: string): boolean {
  return char === " " || char === "\t" || char === "\n" || char === "\r";
}

/** A digit of ASCII. */
export function isDigit(char: string): boolean {
  return char >= "0" && char <= "9" && char.length === 1;
}

/** A letter of ASCII or an underscore. */
export function isAlpha(char: string): boolean {
  return char.length === 1 && /[A-Za-z_]/.test(char);
}

/** A letter, an underscore or a digit of ASCII. */
export function isAlphaNumeric(char: string): boolean {
  return isAlpha(char) || isDigit(char);
}
