import type {
  AtModifier,
  Call,
  DurationExpression,
  DurationValue,
  Expr,
  Subquery,
  VectorMatching,
  VectorSelector,
} from "./ast.ts";
import { findFunction, type ParseOptions } from "./parse-options.ts";
import { printNumber } from "./print-number.ts";

/** What JSON can hold. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/**
 * The tree as `/api/v1/parse_query` of Prometheus answers it, with its field names. `options` are
 * those of parsing (for the signatures of extra functions).
 */
export function exprToJson(expr: Expr, options: ParseOptions = {}): JsonValue {
  const below = (child: Expr) => exprToJson(child, options);
  switch (expr.type) {
    case "number":
      return { type: "numberLiteral", val: printNumber(expr.value) };
    case "string":
      return { type: "stringLiteral", val: expr.value };
    case "vectorSelector":
      return { type: "vectorSelector", ...selectorFields(expr) };
    case "matrixSelector":
      return {
        type: "matrixSelector",
        ...selectorFields(expr.selector),
        ...durationFields("range", expr.window),
      };
    case "subquery":
      return { type: "subquery", expr: below(expr.expr), ...subqueryFields(expr) };
    case "paren":
      return { type: "parenExpr", expr: below(expr.expr) };
    case "unary":
      return { type: "unaryExpr", op: expr.op, expr: below(expr.expr) };
    case "call":
      return { type: "call", func: signatureJson(expr, options), args: expr.args.map(below) };
    case "aggregate":
      return {
        type: "aggregation",
        op: expr.op,
        expr: below(expr.expr),
        param: expr.param === undefined ? null : below(expr.param),
        grouping: expr.grouping,
        without: expr.without,
      };
    case "binary":
      return {
        type: "binaryExpr",
        op: expr.op,
        lhs: below(expr.left),
        rhs: below(expr.right),
        matching: expr.matching === undefined ? null : matchingJson(expr.matching),
        bool: expr.returnBool,
      };
  }
}

type JsonObject = { readonly [key: string]: JsonValue };

function selectorFields(selector: VectorSelector): JsonObject {
  return {
    name: selector.name,
    matchers: selector.matchers.map(({ name, op, value }) => ({ name, value, type: op })),
    ...durationFields("offset", selector.offset),
    ...atFields(selector.at),
    anchored: selector.anchored,
    smoothed: selector.smoothed,
  };
}

function subqueryFields({ window, step, offset, at }: Subquery): JsonObject {
  return {
    ...durationFields("range", window),
    ...durationFields("step", step ?? { kind: "fixed", ms: 0 }),
    ...durationFields("offset", offset),
    ...atFields(at),
  };
}

/** `range` in milliseconds and `rangeExpr`; one of the two says it, the other is 0 or null. */
function durationFields(name: string, duration: DurationValue): JsonObject {
  const isFixed = duration.kind === "fixed";
  return {
    [name]: isFixed ? duration.ms : 0,
    [`${name}Expr`]: isFixed ? null : durationJson(duration.expression),
  };
}

function atFields(at: AtModifier | undefined): JsonObject {
  return {
    timestamp: at?.kind === "timestamp" ? at.timestampMs : null,
    startOrEnd: at === undefined || at.kind === "timestamp" ? null : at.kind,
  };
}

function durationJson(expression: DurationExpression, wrapped = false): JsonValue {
  const node = (op: string, lhs: JsonValue, rhs: JsonValue) => ({
    type: "durationExpr",
    op,
    lhs,
    rhs,
    wrapped,
  });
  switch (expression.kind) {
    case "number": {
      const { seconds, isDuration } = expression;
      const literal = { type: "numberLiteral", val: printNumber(seconds), duration: isDuration };
      // Prometheus has no parentheses around a literal: it writes them as a wrapped plus.
      return wrapped ? node("+", null, literal) : literal;
    }
    case "step":
    case "range":
      return node(expression.kind, null, null);
    case "paren":
      return durationJson(expression.inner, true);
    case "unary":
      return node(expression.op, null, durationJson(expression.operand));
    case "binary": {
      const { op, left, right } = expression;
      const name = op === "min" || op === "max" ? `${op}_of` : op;
      return node(name, durationJson(left), durationJson(right));
    }
  }
}

function matchingJson(matching: VectorMatching): JsonValue {
  const { cardinality, labels, on, include, fillLeft, fillRight } = matching;
  const fillValues = { lhs: fillLeft ?? null, rhs: fillRight ?? null };
  return { card: cardinality, labels, on, include, fillValues };
}

function signatureJson({ func }: Call, options: ParseOptions): JsonValue {
  const signature = findFunction(func, options);
  return {
    name: func,
    argTypes: signature?.argTypes ?? [],
    variadic: signature?.variadic ?? 0,
    returnType: signature?.returnType ?? "none",
  };
}
