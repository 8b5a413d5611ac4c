import { AvxError } from "@avx/model";
import type { SampleBudget } from "../evaluator/sample-budget.ts";
import type { Steps } from "../evaluator/steps.ts";

/** Fits that one query may ask for: 6 ms of CPU each, so some 6 s of the 30 s that it may run. */
export const MAX_FITS_PER_QUERY = 1000;

/** A fit serves until its newest sample is this share of the horizon old. */
export const REUSE_SHARE = 0.1;

/** Steps and horizons of a call over so many series. */
export interface FitEstimate {
  readonly series: number;
  readonly steps: Steps;
  /** One value a step. */
  readonly horizonSeconds: Float64Array;
}

/** At most so many fits, however the samples lie. */
export function mostFits({ series, steps, horizonSeconds }: FitEstimate): number {
  const horizons = horizonSeconds.filter((seconds) => seconds > 0);
  if (horizons.length === 0) return 0;
  const shortestMs = 1000 * horizons.reduce((least, seconds) => Math.min(least, seconds));
  const rangeMs = (steps.count - 1) * steps.stepMs;
  // The first fit, and one whose newest sample is older than its step.
  const fitsOfRange = Math.floor(rangeMs / (REUSE_SHARE * shortestMs)) + 2;
  return series * Math.min(steps.count, fitsOfRange);
}

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
    assertFits(needed, limit);
    counts.set(budget, needed);
  };
}

/** Throws AvxError `query_limit_exceeded` when a query needs more fits than it may have. */
export function assertFits(needed: number, limit: number): void {
  if (needed <= limit) return;
  throw new AvxError("query_limit_exceeded", { what: "forecast fits", needed, limit });
}
