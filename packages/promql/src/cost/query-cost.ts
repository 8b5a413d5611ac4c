import { AvxError } from "@avx/model";
import { DEFAULT_QUERY_LIMITS, type QueryLimits } from "./query-limits.ts";

/** What a query needs at most, by the estimates of storage; the fields are those of QueryLimits. */
export type QueryCost = QueryLimits;

/** How an error names what is too much, in the order in which the limits are checked. */
const NAMES: readonly (readonly [keyof QueryCost, string])[] = [
  ["pointsPerSeries", "points per series"],
  ["series", "series"],
  ["samples", "samples"],
  ["forecastFits", "forecast fits"],
  ["bytes", "bytes of memory"],
  ["visits", "visits of samples"],
];

/**
 * Refuses a query that needs more than it may with AvxError `query_limit_exceeded`, whose facts are
 * `what`, `needed` and `limit`.
 */
export function assertAffordable(
  cost: QueryCost,
  limits: QueryLimits = DEFAULT_QUERY_LIMITS,
): void {
  for (const [field, what] of NAMES) {
    const needed = Math.ceil(cost[field]);
    const limit = limits[field];
    if (needed > limit) throw new AvxError("query_limit_exceeded", { what, needed, limit });
  }
}
