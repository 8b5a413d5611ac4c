import type { BinaryOp, Expr } from "./ast.ts";
import { newBinary, parseBinaryModifiers } from "./parse-binary.ts";
import { parseAggregate, parseCall } from "./parse-call.ts";
import { parseLiteral, parseString } from "./parse-literal.ts";
import { parsePostfixes } from "./parse-postfix.ts";
import { parseVectorSelector } from "./parse-selector.ts";
import type { Parser } from "./parser.ts";
import { isAggregateKind, type Token, type TokenKind } from "./token.ts";

/** Binding strength of the binary operators; only `^` is right-associative. */
const PRECEDENCE: Readonly<Partial<Record<TokenKind, number>>> = {
  or: 1,
  and: 2,
  unless: 2,
  "==": 3,
  "!=": 3,
  "<": 3,
  "<=": 3,
  ">": 3,
  ">=": 3,
  "</": 3,
  ">/": 3,
  "+": 4,
  "-": 4,
  "*": 5,
  "/": 5,
  "%": 5,
  atan2: 5,
  "^": 6,
};

/** A sign binds like `*`: only powers and what follows an operand bind tighter. */
const POWER = 6;

/** Words that name a function before a parenthesis and a metric elsewhere. */
const CALLABLE: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "identifier",
  "start",
  "end",
  "step",
  "range",
  "max_of",
  "min_of",
]);

/** Words that can only name a metric where an operand is expected. */
const METRIC_WORDS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "metric identifier",
  "and",
  "or",
  "unless",
  "by",
  "without",
  "offset",
  "anchored",
  "smoothed",
  "fill",
  "fill_left",
  "fill_right",
]);

/** Whether an operand can begin with a token of this kind. */
export function startsExpression(kind: TokenKind): boolean {
  return (
    isAggregateKind(kind) ||
    CALLABLE.has(kind) ||
    METRIC_WORDS.has(kind) ||
    ["+", "-", "number", "duration", "string", "(", "{"].includes(kind)
  );
}

/** Parses operators of at least this binding strength (all of them by default). */
export function parseOperators(parser: Parser, minPrecedence = 1): Expr {
  const { tokens } = parser;
  let left = parseOperand(parser);
  for (;;) {
    const operator = tokens.peek();
    const precedence = PRECEDENCE[operator.kind];
    if (precedence === undefined || precedence < minPrecedence) return left;
    tokens.take();
    const modifiers = parseBinaryModifiers(parser);
    const right =
      operator.kind === "^"
        ? parser.nested(() => parseOperators(parser, precedence))
        : parseOperators(parser, precedence + 1);
    // PRECEDENCE has binary operators only.
    const op = operator.kind as BinaryOp;
    left = newBinary(parser, { op, left, right, modifiers });
  }
}

function parseOperand(parser: Parser): Expr {
  const { kind } = parser.tokens.peek();
  if (kind === "+" || kind === "-") return parseUnary(parser, kind);
  return parsePostfixes(parser, parsePrimary(parser));
}

function parseUnary(parser: Parser, op: "+" | "-"): Expr {
  const { start } = parser.tokens.take().range;
  const expr = parser.nested(() => parseOperators(parser, POWER));
  const range = { start, end: expr.range.end };
  if (expr.type !== "number") return parser.node({ type: "unary", op, expr, range });
  return parser.node({ ...expr, value: op === "-" ? -expr.value : expr.value, range });
}

function parsePrimary(parser: Parser): Expr {
  const { tokens } = parser;
  const token = tokens.peek();
  const { kind } = token;
  switch (kind) {
    case "number":
    case "duration":
      return parser.node(parseLiteral(parser));
    case "string":
      return parser.node(parseString(parser));
    case "{":
      return parseVectorSelector(parser);
    case "(": {
      tokens.take();
      const expr = parser.parseExpression();
      const { end } = tokens.expect(")").range;
      return parser.node({ type: "paren", expr, range: { start: token.range.start, end } });
    }
    default:
      return parseNamed(parser, token);
  }
}

/** Whatever begins with a word: an aggregation, a call or a selector. */
function parseNamed(parser: Parser, token: Token): Expr {
  const { tokens } = parser;
  const { kind } = token;
  if (isAggregateKind(kind)) {
    tokens.take();
    const next = tokens.peek().kind;
    const isAggregation = next === "(" || next === "by" || next === "without";
    return isAggregation ? parseAggregate(parser, kind, token) : parseVectorSelector(parser, token);
  }
  if (CALLABLE.has(kind)) {
    tokens.take();
    return tokens.peek().kind === "("
      ? parseCall(parser, token)
      : parseVectorSelector(parser, token);
  }
  if (!METRIC_WORDS.has(kind)) tokens.unexpected();
  tokens.take();
  return parseVectorSelector(parser, token);
}
