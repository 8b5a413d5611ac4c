import { AvxError } from "@avx/model";
import type { SampleBudget } from "../evaluator/sample-budget.ts";

/** Fits that one query may ask for: about 10 ms each, so some 10 s of the 30 s that it may run. */
export const MAX_FITS_PER_QUERY = 1000;

/** Counts a fit; throws AvxError `query_limit_exceeded` when the query has had its share. */
export type FitCounter = () => void;

/**
 * The counter of a query. The budget is the one thing that all parts of a query share, its
 * subqueries included, so it stands for the query.
 */
export function createFitCounters(limit: number): (budget: SampleBudget) => FitCounter {
  const counts = new WeakMap<SampleBudget, number>();
  return (budget) => () => {
    const needed = (counts.get(budget) ?? 0) + 1;
    if (needed > limit) {
      throw new AvxError("query_limit_exceeded", { what: "forecast fits", needed, limit });
    }
    counts.set(budget, needed);
  };
}
