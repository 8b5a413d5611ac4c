import { floatAtNextRank, floatAtRank, numbersFirst } from "./float-rank.ts";

/**
 * Quantile of values by linear interpolation between neighbours, as Prometheus: NaN counts as the
 * smallest value. Rearranges `values`. NaN when empty or q is NaN; ±Inf for q outside [0, 1].
 */
export function quantileOf(q: number, values: Float64Array): number {
  const numbers = values.subarray(0, numbersFirst(values));
  const nans = values.length - numbers.length;
  let asked: number | undefined;
  return quantileOfRanks(q, values.length, (rank) => {
    if (rank < nans) return Number.NaN;
    const isNext = asked === rank - nans - 1;
    asked = rank - nans;
    return isNext ? floatAtNextRank(numbers, asked) : floatAtRank(numbers, asked);
  });
}

/**
 * The quantile of `size` values that are known by their ranks, 0 being the smallest. It asks for a
 * rank and then perhaps for the next one. NaN when there are none or q is NaN; ±Inf for q outside
 * [0, 1].
 */
export function quantileOfRanks(q: number, size: number, at: (rank: number) => number): number {
  if (size === 0 || Number.isNaN(q)) return Number.NaN;
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (q > 1) return Number.POSITIVE_INFINITY;
  const rank = q * (size - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(size - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  // A neighbour of weight 0 still counts: infinity times 0 is NaN, as in Prometheus.
  return at(lower) * (1 - weight) + at(upper) * weight;
}
