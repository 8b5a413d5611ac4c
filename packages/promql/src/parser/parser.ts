import type { Binary, Expr, PositionRange, ValueType, VectorMatching } from "./ast.ts";
import { childrenOf } from "./children.ts";
import { findFunction, type ParseOptions } from "./parse-options.ts";
import type { TokenKind } from "./token.ts";
import type { TokenStream } from "./token-stream.ts";

/**
 * How deep parentheses, calls, signs and powers may nest. Dashboards stay below 20; recursion over
 * the tree must fit the stack everywhere.
 */
const MAX_NESTING = 250;

/**
 * How deep the tree may be; operators in a row (`a or b or c`) make it deep without nesting.
 * Recursion over 1,000 levels fits the stack with a wide margin.
 */
const MAX_TREE_DEPTH = 1000;

/**
 * Instructions of all regexes of a query that need the regex engine. A common one has below 100;
 * this many compile within some 50 ms, a 16 KiB query of the worst ones would take seconds.
 */
const MAX_REGEX_PROGRAM = 20_000;

/** The rules at the top, handed in so that the rules below them need not import them. */
export interface Grammar {
  parseOperators(parser: Parser): Expr;
  startsExpression(kind: TokenKind): boolean;
}

/** What the parsing functions of one query have in common. */
export class Parser {
  readonly tokens: TokenStream;
  readonly options: ParseOptions;
  /** Vector matching as written; a node has it only where both sides are vectors. */
  readonly writtenMatching: WeakMap<Binary, VectorMatching> = new WeakMap();
  readonly #grammar: Grammar;
  readonly #depths: WeakMap<object, number> = new WeakMap();
  readonly #types: WeakMap<Expr, ValueType> = new WeakMap();
  #nesting = 0;
  #regexProgram = 0;

  constructor(tokens: TokenStream, options: ParseOptions, grammar: Grammar) {
    this.tokens = tokens;
    this.options = options;
    this.#grammar = grammar;
  }

  /** Parses a whole expression, one level deeper. */
  parseExpression(): Expr {
    return this.nested(() => this.#grammar.parseOperators(this));
  }

  startsExpression(kind: TokenKind): boolean {
    return this.#grammar.startsExpression(kind);
  }

  /** Runs `parse` one level deeper; refuses the query above MAX_NESTING. */
  nested<T>(parse: () => T): T {
    if (++this.#nesting > MAX_NESTING) {
      const text = `the expression nests deeper than ${MAX_NESTING} levels`;
      this.tokens.fail(this.tokens.peek().range, text);
    }
    const result = parse();
    this.#nesting--;
    return result;
  }

  /** Counts the program of one more regex; refuses the query above MAX_REGEX_PROGRAM. */
  claimRegexProgram(size: number, range: PositionRange): void {
    this.#regexProgram += size;
    if (this.#regexProgram <= MAX_REGEX_PROGRAM) return;
    const text = `the regular expressions compile to more than ${MAX_REGEX_PROGRAM} instructions`;
    this.fail(range, text);
  }

  /** Registers a new node; refuses the query above MAX_TREE_DEPTH. */
  node<T extends Expr>(expr: T): T {
    return this.above(expr, childrenOf(expr));
  }

  /** Registers a node of any kind above its parts; refuses the query above MAX_TREE_DEPTH. */
  above<T extends { readonly range: PositionRange }>(node: T, parts: readonly object[]): T {
    const below = parts.reduce((depth, part) => Math.max(depth, this.#depths.get(part) ?? 0), 0);
    if (below >= MAX_TREE_DEPTH) {
      const text = `the expression has more than ${MAX_TREE_DEPTH} levels of operators`;
      this.tokens.fail(node.range, text);
    }
    this.#depths.set(node, below + 1);
    return node;
  }

  /** The type of a node of this query; remembered, as trees are deep. */
  typeOf(expr: Expr): ValueType {
    const known = this.#types.get(expr);
    if (known !== undefined) return known;
    const type = this.#computeType(expr);
    this.#types.set(expr, type);
    return type;
  }

  #computeType(expr: Expr): ValueType {
    switch (expr.type) {
      case "number":
        return "scalar";
      case "string":
        return "string";
      case "vectorSelector":
      case "aggregate":
        return "vector";
      case "matrixSelector":
      case "subquery":
        return "matrix";
      case "paren":
      case "unary":
        return this.typeOf(expr.expr);
      case "binary": {
        const isScalar =
          this.typeOf(expr.left) === "scalar" && this.typeOf(expr.right) === "scalar";
        return isScalar ? "scalar" : "vector";
      }
      case "call":
        return findFunction(expr.func, this.options)?.returnType ?? "none";
    }
  }

  fail(range: PositionRange, text: string): never {
    return this.tokens.fail(range, text);
  }
}
