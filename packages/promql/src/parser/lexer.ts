import { Cursor, isAlpha, isAlphaNumeric, isDigit, isSpace } from "./cursor.ts";
import { quoteChar } from "./go-quote.ts";
import { lexNumberOrDuration } from "./lex-number.ts";
import { lexRawString, lexString } from "./lex-string.ts";
import type { Source } from "./source.ts";
import { type Token, type TokenKind, wordKind } from "./token.ts";

/** Symbols of one character that mean the same everywhere outside braces and durations. */
const SIMPLE_SYMBOLS: ReadonlySet<string> = new Set(["+", "-", "*", "/", "%", "^", ",", "@"]);
const DURATION_SYMBOLS: ReadonlySet<string> = new Set(["+", "-", "*", "/", "%", "^", ","]);
const DURATION_WORDS: ReadonlySet<string> = new Set(["step", "range", "max_of", "min_of"]);

/**
 * Cuts a query into tokens. What a character means depends on where it stands: inside braces words
 * are label names; right after `[` only durations are read, until the first number; later in the
 * brackets a letter can only start `step`, `range`, `max_of`, `min_of`.
 */
export class Lexer {
  readonly #cursor: Cursor;
  #parenDepth = 0;
  #inBraces = false;
  #inBrackets = false;
  #inDuration = false;
  #sawColon = false;
  #sawDuration = false;

  constructor(source: Source) {
    this.#cursor = new Cursor(source);
  }

  /** The next token; the end of the text is one, again and again. */
  next(): Token {
    for (;;) {
      const token = this.#step();
      if (token !== undefined) return token;
    }
  }

  /** Reads one token, or undefined for white space and comments. */
  #step(): Token | undefined {
    const cursor = this.#cursor;
    if (isSpace(cursor.peek())) {
      cursor.acceptWhile(isSpace);
      cursor.ignore();
      return undefined;
    }
    if (this.#inDuration) return this.#lexDuration();
    if (cursor.peek() === "#") {
      cursor.acceptWhile((char) => char !== "" && char !== "\n" && char !== "\r");
      cursor.ignore();
      return undefined;
    }
    return this.#inBraces ? this.#lexInBraces() : this.#lexStatement();
  }

  #lexStatement(): Token {
    const cursor = this.#cursor;
    const char = cursor.next();
    if (SIMPLE_SYMBOLS.has(char)) return cursor.emit(symbol(char));
    if (isAlpha(char) || char === ":") return this.#lexWordOrColon(char);
    if (isDigit(char) || (char === "." && isDigit(cursor.peek()))) return this.#lexNumber();
    switch (char) {
      case "":
        return this.#lexEnd();
      case "=":
      case "!":
      case "<":
      case ">":
        return this.#lexComparison(char);
      case '"':
      case "'":
        return lexString(cursor, char);
      case "`":
        return lexRawString(cursor);
      case "(":
      case ")":
        return this.#lexParenthesis(char);
      case "{":
        this.#inBraces = true;
        return cursor.emit("{");
      case "[":
      case "]":
        return this.#lexBracket(char);
      default:
        return cursor.fail(`unexpected character: ${quoteChar(char)}`);
    }
  }

  #lexEnd(): Token {
    if (this.#parenDepth !== 0) this.#cursor.fail("unclosed left parenthesis");
    if (this.#inBrackets) this.#cursor.fail("unclosed left bracket");
    return this.#cursor.emit("end of input");
  }

  #lexComparison(char: "=" | "!" | "<" | ">"): Token {
    const cursor = this.#cursor;
    const after = cursor.peek();
    if (after === "=") {
      cursor.next();
      return cursor.emit(symbol(`${char}=`));
    }
    if (char === "!" || (char === "=" && after === "~")) {
      return cursor.fail(`unexpected character after '${char}': ${quoteChar(after)}`);
    }
    if (char !== "=" && after === "/") {
      cursor.next();
      return cursor.emit(symbol(`${char}/`));
    }
    return cursor.emit(char);
  }

  #lexParenthesis(char: "(" | ")"): Token {
    const token = this.#cursor.emit(char);
    this.#parenDepth += char === "(" ? 1 : -1;
    if (this.#parenDepth < 0) this.#cursor.fail("unexpected right parenthesis ')'");
    return token;
  }

  #lexBracket(char: "[" | "]"): Token {
    const opens = char === "[";
    if (opens === this.#inBrackets) {
      this.#cursor.fail(`unexpected ${opens ? "left" : "right"} bracket '${char}'`);
    }
    if (opens) this.#sawColon = false;
    this.#inBrackets = opens;
    this.#inDuration = opens;
    return this.#cursor.emit(char);
  }

  /** The first character of the word is taken. */
  #lexWordOrColon(first: string): Token {
    const cursor = this.#cursor;
    if (!this.#inBrackets) return this.#lexWord();
    if (first === ":") {
      if (this.#sawColon) cursor.fail("unexpected colon ':'");
      this.#sawColon = true;
      return cursor.emit(":");
    }
    return (
      this.#lexDurationWord(first) ??
      cursor.fail(`unexpected character: ${quoteChar(first)}, expected ':'`)
    );
  }

  #lexWord(): Token {
    const cursor = this.#cursor;
    cursor.acceptWhile((char) => isAlphaNumeric(char) || char === ":");
    const word = cursor.pending();
    const kind = wordKind(word);
    const isFill = kind === "fill" || kind === "fill_left" || kind === "fill_right";
    // Metrics may be named `fill`: it is a modifier only before a parenthesis.
    if (isFill && !this.#isBeforeParenthesis()) return cursor.emit("identifier");
    return cursor.emit(kind ?? (word.includes(":") ? "metric identifier" : "identifier"));
  }

  #isBeforeParenthesis(): boolean {
    let at = this.#cursor.at;
    while (isSpace(this.#cursor.source.charAt(at))) at++;
    return this.#cursor.source.charAt(at) === "(";
  }

  #lexDurationWord(first: string): Token | undefined {
    if (!"srm".includes(first.toLowerCase())) return undefined;
    this.#cursor.acceptWhile(isAlpha);
    const word = this.#cursor.pending().toLowerCase();
    return DURATION_WORDS.has(word) ? this.#cursor.emit(symbol(word)) : undefined;
  }

  #lexNumber(): Token {
    this.#cursor.at = this.#cursor.start;
    return lexNumberOrDuration(this.#cursor);
  }

  /** Between `[` and the first number. */
  #lexDuration(): Token {
    const cursor = this.#cursor;
    const char = cursor.next();
    if (char === "") cursor.fail("unexpected end of input in duration expression");
    if (DURATION_SYMBOLS.has(char)) return cursor.emit(symbol(char));
    if (char === "(" || char === ")") return this.#lexParenthesis(char);
    if (isDigit(char) || (char === "." && isDigit(cursor.peek()))) {
      this.#sawDuration = true;
      this.#inDuration = false;
      return this.#lexNumber();
    }
    if (char === "]") {
      this.#sawColon = false;
      return this.#lexBracket(char);
    }
    if (char === ":") return this.#lexDurationColon();
    return (
      this.#lexDurationWord(char) ??
      cursor.fail(`unexpected character in duration expression: ${quoteChar(char)}`)
    );
  }

  #lexDurationColon(): Token {
    const token = this.#cursor.emit(":");
    if (!this.#sawDuration) {
      this.#cursor.fail("unexpected colon before duration in duration expression");
    }
    if (this.#sawColon) {
      this.#cursor.fail("unexpected repeated colon in duration expression");
    }
    this.#sawColon = true;
    return token;
  }

  #lexInBraces(): Token {
    const cursor = this.#cursor;
    const char = cursor.next();
    if (isAlpha(char)) {
      cursor.acceptWhile(isAlphaNumeric);
      return cursor.emit("identifier");
    }
    switch (char) {
      case "":
        return cursor.fail("unexpected end of input inside braces");
      case ",":
        return cursor.emit(char);
      case '"':
      case "'":
        return lexString(cursor, char);
      case "`":
        return lexRawString(cursor);
      case "=":
        return cursor.emit(cursor.accept("~") ? "=~" : "=");
      case "!": {
        const after = cursor.next();
        if (after === "~" || after === "=") return cursor.emit(`!${after}`);
        return cursor.fail(`unexpected character after '!' inside braces: ${quoteChar(after)}`);
      }
      case "{":
        return cursor.fail("unexpected left brace '{'");
      case "}":
        this.#inBraces = false;
        return cursor.emit(char);
      default:
        return cursor.fail(`unexpected character inside braces: ${quoteChar(char)}`);
    }
  }
}

/** Proof that the text is a kind: callers pass members of the sets above only. */
function symbol(text: string): TokenKind {
  return text as TokenKind;
}
