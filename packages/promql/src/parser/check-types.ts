import { METRIC_NAME } from "@avx/model";
import { compileMatcher } from "../matching/compile-matcher.ts";
import type {
  Aggregate,
  Binary,
  Call,
  Expr,
  Subquery,
  Unary,
  ValueType,
  VectorSelector,
} from "./ast.ts";
import { quoteString } from "./go-quote.ts";
import { isSetOp } from "./parse-binary.ts";
import { findFunction } from "./parse-options.ts";
import type { Parser } from "./parser.ts";

/** Types under the names of Prometheus' documentation. */
const DOCUMENTED: Readonly<Record<ValueType, string>> = {
  scalar: "scalar",
  vector: "instant vector",
  matrix: "range vector",
  string: "string",
  none: "none",
};

const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", ">", "<", ">=", "<="]);

/** Refuses an expression whose types do not fit, in the order in which Prometheus checks. */
export function checkTypes(parser: Parser, expr: Expr): void {
  switch (expr.type) {
    case "number":
    case "string":
      break;
    case "vectorSelector":
      checkSelector(parser, expr, false);
      break;
    case "matrixSelector":
      checkSelector(parser, expr.selector, false);
      break;
    case "paren":
      checkTypes(parser, expr.expr);
      break;
    case "unary":
      checkUnary(parser, expr);
      break;
    case "subquery":
      checkSubquery(parser, expr);
      break;
    case "aggregate":
      checkAggregate(parser, expr);
      break;
    case "binary":
      checkBinary(parser, expr);
      break;
    case "call":
      checkCall(parser, expr);
      break;
  }
}

function checkUnary(parser: Parser, { expr, range }: Unary): void {
  checkTypes(parser, expr);
  const type = parser.typeOf(expr);
  if (isScalarOrVector(type)) return;
  const allowed = "expressions of type scalar or instant vector";
  const got = quoteString(DOCUMENTED[type]);
  parser.fail(range, `unary expression only allowed on ${allowed}, got ${got}`);
}

function checkSubquery(parser: Parser, { expr, range }: Subquery): void {
  checkTypes(parser, expr);
  const type = parser.typeOf(expr);
  if (type === "vector") return;
  parser.fail(range, `subquery is only allowed on instant vector, got ${type} instead`);
}

function isScalarOrVector(type: ValueType): boolean {
  return type === "scalar" || type === "vector";
}

function checkSelector(parser: Parser, selector: VectorSelector, mayBeEmpty: boolean): void {
  if (selector.name !== "") {
    const second = selector.matchers.slice(0, -1).find(({ name }) => name === METRIC_NAME);
    if (second === undefined) return;
    const names = `${quoteString(selector.name)} or ${quoteString(second.value)}`;
    parser.fail(selector.range, `metric name must not be set twice: ${names}`);
  }
  if (mayBeEmpty || selector.matchers.some((matcher) => !compileMatcher(matcher)(""))) return;
  parser.fail(selector.range, "vector selector must contain at least one non-empty matcher");
}

function expectType(parser: Parser, expr: Expr, want: { type: ValueType; where: string }): void {
  checkTypes(parser, expr);
  const got = parser.typeOf(expr);
  if (got === want.type) return;
  const text = `expected type ${DOCUMENTED[want.type]} in ${want.where}, got ${DOCUMENTED[got]}`;
  parser.fail(expr.range, text);
}

function checkAggregate(parser: Parser, { op, expr, param }: Aggregate): void {
  expectType(parser, expr, { type: "vector", where: "aggregation expression" });
  if (param === undefined) return;
  const type = op === "count_values" ? "string" : "scalar";
  expectType(parser, param, { type, where: "aggregation parameter" });
}

function checkBinary(parser: Parser, expr: Binary): void {
  const { op, left, right, returnBool, range } = expr;
  checkTypes(parser, left);
  checkTypes(parser, right);
  const leftType = parser.typeOf(left);
  const rightType = parser.typeOf(right);
  const operatorRange = parser.tokens.rangeBetween(left.range, right.range);
  if (returnBool && !COMPARISONS.has(op)) {
    parser.fail(operatorRange, "bool modifier can only be used on comparison operators");
  }
  const bothScalar = leftType === "scalar" && rightType === "scalar";
  if (COMPARISONS.has(op) && !returnBool && bothScalar) {
    parser.fail(operatorRange, "comparisons between scalars must use BOOL modifier");
  }
  checkGroupLabels(parser, expr);
  for (const [side, type] of [
    [left, leftType],
    [right, rightType],
  ] as const) {
    if (!isScalarOrVector(type)) {
      const text = "binary expression must contain only scalar and instant vector types";
      parser.fail(side.range, text);
    }
  }
  checkMatching(parser, expr);
  if (isSetOp(op) && (leftType === "scalar" || rightType === "scalar")) {
    parser.fail(range, `set operator "${op}" not allowed in binary scalar expression`);
  }
}

function checkGroupLabels(parser: Parser, expr: Binary): void {
  const matching = parser.writtenMatching.get(expr);
  if (matching === undefined || !matching.on) return;
  const twice = matching.labels.find((label) => matching.include.includes(label));
  if (twice === undefined) return;
  const range = parser.tokens.rangeBetween(expr.left.range, expr.right.range);
  parser.fail(range, `label ${quoteString(twice)} must not occur in ON and GROUP clause at once`);
}

function checkMatching(parser: Parser, expr: Binary): void {
  const { op, range } = expr;
  const written = parser.writtenMatching.get(expr);
  if (written === undefined) return;
  const hasFill = written.fillLeft !== undefined || written.fillRight !== undefined;
  if (expr.matching === undefined) {
    if (written.labels.length > 0) {
      parser.fail(range, "vector matching only allowed between instant vectors");
    }
    if (hasFill) {
      parser.fail(range, "filling in missing series only allowed between instant vectors");
    }
  } else if (isSetOp(op)) {
    if (written.cardinality !== "many-to-many") {
      parser.fail(range, `no grouping allowed for "${op}" operation`);
    }
    if (hasFill) parser.fail(range, "filling in missing series not allowed for set operators");
  }
}

function checkCall(parser: Parser, call: Call): void {
  const { func, args } = call;
  const signature = findFunction(func, parser.options);
  if (signature === undefined) return;
  const { argTypes, variadic } = signature;
  checkArgumentCount(parser, call, { wanted: argTypes.length, variadic });
  if (func === "info") checkInfoSelector(parser, call);
  args.forEach((arg, index) => {
    const type = argTypes[Math.min(index, argTypes.length - 1)];
    if (type === undefined) return;
    if (func === "info" && index === 1 && arg.type === "vectorSelector") {
      checkSelector(parser, arg, true);
      return;
    }
    expectType(parser, arg, { type, where: `call to function ${quoteString(func)}` });
  });
}

function checkArgumentCount(
  parser: Parser,
  { func, args, range }: Call,
  { wanted, variadic }: { readonly wanted: number; readonly variadic: number },
): void {
  const got = `argument(s) in call to ${quoteString(func)}, got ${args.length}`;
  if (variadic === 0) {
    if (args.length !== wanted) parser.fail(range, `expected ${wanted} ${got}`);
    return;
  }
  const least = wanted - 1;
  if (args.length < least) parser.fail(range, `expected at least ${least} ${got}`);
  const most = least + variadic;
  if (variadic > 0 && args.length > most) parser.fail(range, `expected at most ${most} ${got}`);
}

/** The second argument of info() is written as a selector but means only its label matchers. */
function checkInfoSelector(parser: Parser, { args, range }: Call): void {
  const selector = args[1];
  if (selector === undefined) return;
  const type = parser.typeOf(selector);
  if (type !== "vector") {
    const got = `got ${DOCUMENTED[type]}`;
    parser.fail(range, `expected type instant vector in call to function "info", ${got}`);
  }
  if (selector.type !== "vectorSelector") {
    parser.fail(selector.range, "expected label selectors only");
  }
  if (selector.name !== "") {
    parser.fail(selector.range, "expected label selectors only, got vector selector instead");
  }
}
