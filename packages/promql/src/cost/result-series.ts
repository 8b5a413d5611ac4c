import type { Aggregate, Binary, Call } from "../parser/ast.ts";

/** Aggregations that give back series of their input, or one per value. */
const KEEPS_SERIES: ReadonlySet<Aggregate["op"]> = new Set([
  "topk",
  "bottomk",
  "limitk",
  "limit_ratio",
  "count_values",
]);

/** Functions whose result is one series, whatever they are given. */
const SINGLE: ReadonlySet<string> = new Set(["absent", "absent_over_time", "scalar", "vector"]);

/** At most so many series come out of an aggregation of `series`. */
export function aggregateSeries(expr: Aggregate, series: number): number {
  const isTotal = expr.grouping.length === 0 && !expr.without && !KEEPS_SERIES.has(expr.op);
  return isTotal ? 1 : series;
}

/** At most so many series come out of an operation on `left` and `right`. */
export function binarySeries(expr: Binary, left: number, right: number): number {
  if (expr.op === "and" || expr.op === "unless") return left;
  const isFilled = expr.matching?.fillLeft !== undefined || expr.matching?.fillRight !== undefined;
  return expr.op === "or" || isFilled ? left + right : Math.max(left, right);
}

/** At most so many series come out of a call whose biggest argument has `series`. */
export function callSeries(expr: Call, series: number): number {
  if (SINGLE.has(expr.func)) return 1;
  // histogram_quantiles(v, label, q, ...): each series once per quantile.
  if (expr.func === "histogram_quantiles") return series * Math.max(1, expr.args.length - 2);
  return series;
}
