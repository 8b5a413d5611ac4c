import type { AtModifier, Expr, VectorSelector } from "../parser/ast.ts";
import { childrenOf } from "../parser/children.ts";
import { printExpr } from "../parser/print.ts";

/** Functions whose result may change with the evaluation time although their arguments do not. */
const TIME_DEPENDENT: ReadonlySet<string> = new Set(
  (
    "days_in_month day_of_month day_of_week day_of_year end hour minute month year " +
    "predict_linear range start step time timestamp"
  ).split(" "),
);

/** A query with its evaluation time. */
export interface TimedQuery {
  readonly query: string;
  readonly timeMs: number;
}

/**
 * The same query at other evaluation times, with `@` fixing every selector at the original one: all
 * must give the same result (as upstream's test runner checks). None for queries that depend on the
 * evaluation time.
 */
export function atVariants(expr: Expr, timeMs: number): readonly TimedQuery[] {
  if (dependsOnTime(expr)) return [];
  const query = printExpr(fixedAt(expr, { kind: "timestamp", timestampMs: timeMs }));
  const times =
    timeMs === 0
      ? [-1000, 0, 1000]
      : [-10 * timeMs, 0, Math.trunc(timeMs / 5), timeMs, 10 * timeMs];
  return times.map((other) => ({ query, timeMs: other }));
}

function dependsOnTime(expr: Expr): boolean {
  if (expr.type === "subquery" && expr.at) return false;
  if (expr.type === "call" && TIME_DEPENDENT.has(expr.func)) return true;
  // A subquery gets an `@` of its own, so what stands in it no longer varies.
  if (expr.type === "subquery") return false;
  return childrenOf(expr).some(dependsOnTime);
}

function fixedAt(expr: Expr, at: AtModifier): Expr {
  switch (expr.type) {
    case "vectorSelector":
      return fixedSelector(expr, at);
    case "matrixSelector":
      return { ...expr, selector: fixedSelector(expr.selector, at) };
    case "subquery":
      return expr.at ? expr : { ...expr, at };
    case "paren":
    case "unary":
      return { ...expr, expr: fixedAt(expr.expr, at) };
    case "aggregate":
      return {
        ...expr,
        expr: fixedAt(expr.expr, at),
        ...(expr.param ? { param: fixedAt(expr.param, at) } : {}),
      };
    case "binary":
      return { ...expr, left: fixedAt(expr.left, at), right: fixedAt(expr.right, at) };
    case "call":
      return { ...expr, args: expr.args.map((arg) => fixedAt(arg, at)) };
    case "number":
    case "string":
      return expr;
  }
}

function fixedSelector(selector: VectorSelector, at: AtModifier): VectorSelector {
  return selector.at ? selector : { ...selector, at };
}
