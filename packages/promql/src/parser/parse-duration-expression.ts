import type { DurationExpression, DurationValue, PositionRange } from "./ast.ts";
import { MAX_DURATION_SECONDS } from "./duration.ts";
import { parseLiteral } from "./parse-literal.ts";
import type { Parser } from "./parser.ts";
import type { Token, TokenKind } from "./token.ts";

type DurationOp = "+" | "-" | "*" | "/" | "%" | "^";

const PRECEDENCE: Readonly<Partial<Record<TokenKind, number>>> = {
  "+": 1,
  "-": 1,
  "*": 2,
  "/": 2,
  "%": 2,
  "^": 3,
};
const POWER = 3;
const NS_PER_SECOND = 1e9;
const NS_PER_MS = 1e6;

/** A duration in brackets, which must be positive where that can be known. */
export function parsePositiveDuration(parser: Parser): DurationValue {
  const expression = parseDurationExpression(parser, 1);
  if (expression.kind === "number" && expression.seconds <= 0) {
    parser.fail(expression.range, "duration must be greater than 0");
  }
  return durationValue(expression);
}

/**
 * The duration after `offset`. A single literal, `step()`, `range()`, `min_of()`, `max_of()` or
 * parenthesis behind a sign ends there, so that `a offset 1m + 2` adds to the vector; any other
 * duration takes the operators that follow.
 */
export function parseOffsetDuration(parser: Parser): DurationValue {
  const { tokens } = parser;
  const sign = isSign(tokens.peek()) ? tokens.take() : undefined;
  const next = tokens.peek().kind;
  if (next === "number" || next === "duration") {
    const literal = parseDurationLiteral(parser, sign);
    return durationValue(literal);
  }
  if (isDurationCall(next)) return durationValue(parseDurationCall(parser, sign));
  if (sign === undefined) return durationValue(parseDurationExpression(parser, 1));
  if (next === "(") {
    tokens.take();
    const inner = parser.nested(() => parseDurationExpression(parser, 1));
    tokens.expect(")");
    return durationValue(applySign(parser, sign, wrap(inner, inner.range)));
  }
  const operand = parser.nested(() => parseDurationExpression(parser, POWER));
  const signed = applySign(parser, sign, operand);
  return durationValue(parseDurationOperators(parser, signed, 1));
}

function durationValue(expression: DurationExpression): DurationValue {
  if (expression.kind !== "number") return { kind: "expression", expression };
  const ns =
    Math.sign(expression.seconds) * Math.round(Math.abs(expression.seconds) * NS_PER_SECOND);
  return { kind: "fixed", ms: Math.trunc(ns / NS_PER_MS) };
}

function parseDurationExpression(parser: Parser, minPrecedence: number): DurationExpression {
  return parseDurationOperators(parser, parseDurationOperand(parser), minPrecedence);
}

function parseDurationOperators(
  parser: Parser,
  first: DurationExpression,
  minPrecedence: number,
): DurationExpression {
  const { tokens } = parser;
  let left = first;
  for (;;) {
    const { kind, range: opRange } = tokens.peek();
    const precedence = PRECEDENCE[kind];
    if (precedence === undefined || precedence < minPrecedence) return left;
    tokens.take();
    const right = parser.nested(() =>
      parseDurationExpression(parser, kind === "^" ? precedence : precedence + 1),
    );
    requireExperimental(parser, left.range);
    if ((kind === "/" || kind === "%") && right.kind === "number" && right.seconds === 0) {
      parser.fail(opRange, `${kind === "/" ? "division" : "modulo"} by zero`);
    }
    const range = { start: left.range.start, end: right.range.end };
    // PRECEDENCE has these operators only.
    const op = kind as DurationOp;
    left = parser.above({ kind: "binary", op, left, right, range }, [left, right]);
  }
}

function parseDurationOperand(parser: Parser): DurationExpression {
  const { tokens } = parser;
  const token = tokens.peek();
  if (isSign(token)) {
    tokens.take();
    const operand = parser.nested(() => parseDurationExpression(parser, POWER));
    return applySign(parser, token, operand);
  }
  if (token.kind === "number" || token.kind === "duration") return parseDurationLiteral(parser);
  if (isDurationCall(token.kind)) return parseDurationCall(parser);
  const open = tokens.expect("(");
  const inner = parser.nested(() => parseDurationExpression(parser, 1));
  const close = tokens.expect(")");
  requireExperimental(parser, inner.range);
  return wrap(inner, { start: open.range.start, end: close.range.end });
}

function parseDurationLiteral(parser: Parser, sign?: Token): DurationExpression {
  const { value, isDuration, range } = parseLiteral(parser);
  const seconds = sign?.kind === "-" ? -value : value;
  if (Math.abs(seconds) > MAX_DURATION_SECONDS) {
    parser.fail(sign?.range ?? range, "duration out of range");
  }
  const start = sign?.range.start ?? range.start;
  return { kind: "number", seconds, isDuration, range: { start, end: range.end } };
}

function isDurationCall(kind: TokenKind): boolean {
  return kind === "step" || kind === "range" || kind === "min_of" || kind === "max_of";
}

/** `step()`, `range()`, `min_of(a, b)` or `max_of(a, b)`, behind a sign that is already taken. */
function parseDurationCall(parser: Parser, sign?: Token): DurationExpression {
  const { tokens } = parser;
  const name = tokens.take();
  tokens.expect("(");
  let call: DurationExpression;
  if (name.kind === "step" || name.kind === "range") {
    const range = { start: name.range.start, end: tokens.expect(")").range.end };
    call = { kind: name.kind, range };
  } else {
    const left = parser.nested(() => parseDurationExpression(parser, 1));
    tokens.expect(",");
    const right = parser.nested(() => parseDurationExpression(parser, 1));
    tokens.expect(")");
    const range = { start: left.range.start, end: right.range.end };
    call = { kind: "binary", op: name.kind === "min_of" ? "min" : "max", left, right, range };
  }
  const expression = withSign(sign, call);
  requireExperimental(parser, expression.range);
  return expression;
}

function isSign(token: Token): boolean {
  return token.kind === "+" || token.kind === "-";
}

/** A sign before a literal goes into its value; a plus before anything else is dropped. */
function applySign(parser: Parser, sign: Token, operand: DurationExpression): DurationExpression {
  const range = { start: sign.range.start, end: operand.range.end };
  if (operand.kind !== "number") {
    return sign.kind === "-" ? { kind: "unary", op: "-", operand, range } : operand;
  }
  const seconds = sign.kind === "-" ? -operand.seconds : operand.seconds;
  if (Math.abs(seconds) > MAX_DURATION_SECONDS) parser.fail(sign.range, "duration out of range");
  return { ...operand, seconds, range };
}

function withSign(sign: Token | undefined, operand: DurationExpression): DurationExpression {
  if (sign === undefined) return operand;
  const range = { start: sign.range.start, end: operand.range.end };
  return { kind: "unary", op: sign.kind === "-" ? "-" : "+", operand, range };
}

/** Parentheses around parentheses are kept once. */
function wrap(inner: DurationExpression, range: PositionRange): DurationExpression {
  if (inner.kind === "paren") return inner;
  const outer =
    inner.kind === "number" ? { start: range.start, end: inner.range.end } : inner.range;
  return { kind: "paren", inner, range: outer };
}

function requireExperimental(parser: Parser, range: PositionRange): void {
  if (parser.options.durationExpressions) return;
  parser.fail(range, "experimental duration expression is not enabled");
}
