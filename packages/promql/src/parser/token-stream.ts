import type { PositionRange } from "./ast.ts";
import { isSpace } from "./cursor.ts";
import { Lexer } from "./lexer.ts";
import type { Source } from "./source.ts";
import { describeToken, type Token, type TokenKind } from "./token.ts";

/** Where a syntax error is said to be, and what would have been right there. */
export interface ErrorContext {
  readonly context: string;
  readonly expected: string;
}

const NO_CONTEXT: ErrorContext = { context: "", expected: "" };

/** Tokens that can end an expression. */
const CLOSING: ReadonlySet<TokenKind> = new Set(["}", ")", "]", "duration", "number"]);

/**
 * The tokens of a query with one of lookahead. A token is read only when it is asked for, as errors
 * of the lexer and of the parser are reported in the order in which Prometheus meets them.
 */
export class TokenStream {
  /** End of the last token read (looked at included) that can end an expression. */
  lastClosing = 0;
  readonly #source: Source;
  readonly #lexer: Lexer;
  readonly #contexts: ErrorContext[] = [];
  #lookahead: Token | undefined;
  #lastStart = 0;

  constructor(source: Source) {
    this.#source = source;
    this.#lexer = new Lexer(source);
  }

  peek(): Token {
    if (this.#lookahead === undefined) {
      this.#lookahead = this.#lexer.next();
      this.#lastStart = this.#lookahead.range.start;
      if (CLOSING.has(this.#lookahead.kind)) this.lastClosing = this.#lookahead.range.end;
    }
    return this.#lookahead;
  }

  take(): Token {
    const token = this.peek();
    this.#lookahead = undefined;
    return token;
  }

  /** Takes the next token when it is of this kind. */
  takeIf(kind: TokenKind): Token | undefined {
    return this.peek().kind === kind ? this.take() : undefined;
  }

  /** Takes a token that must be of this kind, or refuses the query. */
  expect(kind: TokenKind): Token {
    return this.takeIf(kind) ?? this.unexpected();
  }

  /** Runs `parse` with syntax errors reported in this context, unless an inner one applies. */
  within<T>(context: ErrorContext, parse: () => T): T {
    this.#contexts.push(context);
    const result = parse();
    this.#contexts.pop();
    return result;
  }

  /** Refuses the query because of the next token. */
  unexpected(where: ErrorContext = this.#contexts.at(-1) ?? NO_CONTEXT): never {
    const token = this.peek();
    const context = where.context === "" ? "" : ` in ${where.context}`;
    const expected = where.expected === "" ? "" : `, expected ${where.expected}`;
    return this.fail(token.range, `unexpected ${describeToken(token)}${context}${expected}`);
  }

  /** Refuses the query with a text about a place. */
  fail(range: PositionRange, text: string): never {
    return this.#source.fail(range, text);
  }

  /**
   * `lastClosing`, when one token too many was read to see whether an aggregation goes on: if that
   * token is a parenthesis which follows another one, the end is at the other one.
   */
  closingBeforeLookahead(): number {
    if (this.lastClosing <= 0 || this.#lastStart <= 0) return this.lastClosing;
    if (this.#source.charAt(this.#lastStart) !== ")") return this.lastClosing;
    let at = this.#lastStart - 1;
    while (at > 0 && isSpace(this.#source.charAt(at))) at--;
    return at > 0 && this.#source.charAt(at) === ")" ? at + 1 : this.lastClosing;
  }

  /** The operator between two operands with the white space around it taken off. */
  rangeBetween(left: PositionRange, right: PositionRange): PositionRange {
    let { end: start } = left;
    let end = right.start - 1;
    while (isSpace(this.#source.charAt(start))) start++;
    while (isSpace(this.#source.charAt(end))) end--;
    return { start, end };
  }
}
