import type { Binary, BinaryOp, Expr, MatchCardinality, SetOp, VectorMatching } from "./ast.ts";
import { parseGrouping } from "./parse-grouping.ts";
import { parseLiteral } from "./parse-literal.ts";
import type { Parser } from "./parser.ts";

/** What is written between an operator and its right operand. */
interface BinaryModifiers {
  readonly returnBool: boolean;
  readonly matching: VectorMatching;
}

/** Whether an operator works on sets of series. */
export function isSetOp(op: BinaryOp): op is SetOp {
  return op === "and" || op === "or" || op === "unless";
}

/** `bool`, `on`/`ignoring`, `group_left`/`group_right`, `fill*`, in this order, each optional. */
export function parseBinaryModifiers(parser: Parser): BinaryModifiers {
  const { tokens } = parser;
  const returnBool = tokens.takeIf("bool") !== undefined;
  const { kind } = tokens.peek();
  let matching: VectorMatching = {
    cardinality: "one-to-one",
    on: kind === "on",
    labels: [],
    include: [],
  };
  if (kind === "on" || kind === "ignoring") {
    tokens.take();
    matching = { ...matching, labels: parseGrouping(parser), ...parseGroupSide(parser) };
  }
  return { returnBool, matching: { ...matching, ...parseFill(parser) } };
}

function parseGroupSide(parser: Parser): Partial<VectorMatching> {
  const { tokens } = parser;
  const { kind } = tokens.peek();
  if (kind !== "group_left" && kind !== "group_right") return {};
  tokens.take();
  const cardinality: MatchCardinality = kind === "group_left" ? "many-to-one" : "one-to-many";
  // Without parentheses the right operand must follow at once.
  const next = tokens.peek().kind;
  const hasLabels = next === "(" || !parser.startsExpression(next);
  const include = hasLabels ? parseGrouping(parser) : [];
  return { cardinality, include };
}

function parseFill(parser: Parser): Partial<VectorMatching> {
  const { tokens } = parser;
  if (tokens.takeIf("fill") !== undefined) {
    const value = parseFillValue(parser);
    return { fillLeft: value, fillRight: value };
  }
  if (tokens.takeIf("fill_left") !== undefined) {
    const fillLeft = parseFillValue(parser);
    if (tokens.takeIf("fill_right") === undefined) return { fillLeft };
    return { fillLeft, fillRight: parseFillValue(parser) };
  }
  if (tokens.takeIf("fill_right") === undefined) return {};
  const fillRight = parseFillValue(parser);
  if (tokens.takeIf("fill_left") === undefined) return { fillRight };
  return { fillRight, fillLeft: parseFillValue(parser) };
}

function parseFillValue(parser: Parser): number {
  const { tokens } = parser;
  tokens.expect("(");
  const sign = tokens.takeIf("-") ?? tokens.takeIf("+");
  const { kind } = tokens.peek();
  if (kind !== "number" && kind !== "duration") tokens.unexpected();
  const { value } = parseLiteral(parser);
  tokens.expect(")");
  return sign?.kind === "-" ? -value : value;
}

/** What a binary operation is built from. */
export interface BinaryParts {
  readonly op: BinaryOp;
  readonly left: Expr;
  readonly right: Expr;
  readonly modifiers: BinaryModifiers;
}

/** Builds the node; vector matching is kept only between vectors, set operators match many-to-many. */
export function newBinary(parser: Parser, { op, left, right, modifiers }: BinaryParts): Binary {
  const { returnBool, matching: written } = modifiers;
  const range = { start: left.range.start, end: right.range.end };
  const hasFill = written.fillLeft !== undefined || written.fillRight !== undefined;
  if (hasFill && !parser.options.fillModifiers) {
    parser.fail(range, "binop fill modifiers are experimental and not enabled");
  }
  const isManyToMany = isSetOp(op) && written.cardinality === "one-to-one";
  const matching: VectorMatching = isManyToMany
    ? { ...written, cardinality: "many-to-many" }
    : written;
  const betweenVectors = parser.typeOf(left) === "vector" && parser.typeOf(right) === "vector";
  const base = { type: "binary", op, left, right, returnBool, range } as const;
  const node: Binary = parser.node(betweenVectors ? { ...base, matching } : base);
  parser.writtenMatching.set(node, matching);
  return node;
}
