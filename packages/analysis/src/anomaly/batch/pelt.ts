import { requireInteger, requirePositive } from "../../analysis-error.ts";

/** Tuning of the search for change points. */
export interface PeltOptions {
  /**
   * Cost of one more change point, in units of the variance; 2 ln n by default, Schwarz's criterion
   * for a mean and a place.
   */
  readonly penalty?: number;
  /** Variance of the noise around the means; 1 by default, so scale the values or give it. */
  readonly variance?: number;
  /** Fewest samples between two change points; 2 by default. */
  readonly minimumSamples?: number;
}

/**
 * Change points in the mean by PELT (Killick, Fearnhead and Eckley, JASA 2012): the partition that
 * minimises squared deviations / variance + penalty per change point, exactly. Each change point is
 * the index of the first sample of a new segment. Batch: the whole series is seen. Values must be
 * finite.
 */
export function peltChangePoints(values: Float64Array, options: PeltOptions = {}): number[] {
  const { variance = 1, minimumSamples = 2 } = options;
  const penalty = options.penalty ?? 2 * Math.log(Math.max(2, values.length));
  requirePositive("variance", variance);
  requirePositive("penalty", penalty);
  requireInteger("minimumSamples", minimumSamples, 1);
  const segmentCost = costOfSegments(values, variance);
  const best = new Float64Array(values.length + 1).fill(Number.POSITIVE_INFINITY);
  best[0] = -penalty;
  const last = new Int32Array(values.length + 1);
  let candidates: number[] = [];
  for (let end = minimumSamples; end <= values.length; end++) {
    const newest = end - minimumSamples;
    if (newest === 0 || newest >= minimumSamples) candidates.push(newest);
    for (const start of candidates) {
      const cost = best[start]! + segmentCost(start, end) + penalty;
      if (cost >= best[end]!) continue;
      best[end] = cost;
      last[end] = start;
    }
    // A start that is already worse than the best without its penalty can never win again.
    candidates = candidates.filter((start) => best[start]! + segmentCost(start, end) <= best[end]!);
  }
  const changePoints: number[] = [];
  for (let end = last[values.length]!; end > 0; end = last[end]!) changePoints.unshift(end);
  return changePoints;
}

/** Squared deviations from the mean of [start, end) by prefix sums, in O(1) per segment. */
function costOfSegments(values: Float64Array, variance: number) {
  const offset = values[0] ?? 0;
  const sums = new Float64Array(values.length + 1);
  const squares = new Float64Array(values.length + 1);
  for (const [i, value] of values.entries()) {
    sums[i + 1] = sums[i]! + (value - offset);
    squares[i + 1] = squares[i]! + (value - offset) ** 2;
  }
  return (start: number, end: number): number => {
    const sum = sums[end]! - sums[start]!;
    return (squares[end]! - squares[start]! - sum ** 2 / (end - start)) / variance;
  };
}
