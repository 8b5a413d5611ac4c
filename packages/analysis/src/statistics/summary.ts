import { mean, standardDeviation } from "./moments.ts";
import { quantileOfSorted, sorted } from "./quantile.ts";

/** What a set of values looks like, in the unit of the values. */
export interface Summary {
  /** How many values are numbers; `NaN` values are left out of everything here. */
  readonly count: number;
  readonly mean: number;
  /** Sample standard deviation (divisor n - 1). */
  readonly standardDeviation: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Summarises the numbers among `values`. Of none, `count` is 0 and all else is `NaN`. */
export function summarize(values: Float64Array): Summary {
  const ascending = sorted(values.filter((value) => !Number.isNaN(value)));
  return {
    count: ascending.length,
    mean: mean(ascending),
    standardDeviation: standardDeviation(ascending),
    min: ascending[0] ?? Number.NaN,
    p50: quantileOfSorted(ascending, 0.5),
    p90: quantileOfSorted(ascending, 0.9),
    p95: quantileOfSorted(ascending, 0.95),
    p99: quantileOfSorted(ascending, 0.99),
    max: ascending.at(-1) ?? Number.NaN,
  };
}
