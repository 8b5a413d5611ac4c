/** A member's share in a combination. */
export interface MemberWeight {
  readonly member: number;
  readonly weight: number;
}

/** How errors become weights. */
export interface WeightingOptions {
  /** Weights are errors to the power of minus this: 0 makes all equal. */
  readonly exponent: number;
  /** A member whose error is more than this many times the smallest is dropped. */
  readonly pruneRatio: number;
}

/**
 * Weights from backtest errors: pruned, then inverse powers (Bates and Granger 1969 for exponent 2 on
 * mean squares). Members without an error are left out; when no member has one, or all are perfect,
 * every member weighs the same.
 */
export function memberWeights(
  errors: readonly (number | undefined)[],
  { exponent, pruneRatio }: WeightingOptions,
): MemberWeight[] {
  const known = errors.filter((error) => error !== undefined);
  const best = Math.min(...known);
  if (known.length === 0) return errors.map((_, member) => ({ member, weight: 1 }));
  const weights: MemberWeight[] = [];
  for (const [member, error] of errors.entries()) {
    if (error === undefined || error > pruneRatio * best) continue;
    weights.push({ member, weight: best > 0 ? (error / best) ** -exponent : 1 });
  }
  return weights;
}

/**
 * The weighted median of the members at every step: one member that runs away moves it little
 * (Petropoulos and Svetunkov 2020 used the plain median). Members without a forecast are left out;
 * `undefined` when none has one.
 */
export function combine(
  means: readonly (Float64Array | undefined)[],
  weights: readonly MemberWeight[],
): Float64Array | undefined {
  const paths: Float64Array[] = [];
  const shares: number[] = [];
  for (const { member, weight } of weights) {
    const mean = means[member];
    if (mean === undefined) continue;
    paths.push(mean);
    shares.push(weight);
  }
  const first = paths[0];
  if (first === undefined) return undefined;
  return first.map((_, step) => {
    const values = Float64Array.from(paths, (path) => path[step]!);
    return weightedMedian(values, shares);
  });
}

/**
 * The weighted median, linear between the centres of neighbouring weights, so that it moves smoothly
 * with the weights and equals the usual median when they are equal. `NaN` when empty.
 */
export function weightedMedian(values: Float64Array, weights: readonly number[]): number {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const half = weights.reduce((sum, weight) => sum + weight, 0) / 2;
  let below = 0;
  let previous: { value: number; centre: number } | undefined;
  for (const index of order) {
    const value = values[index]!;
    const centre = below + weights[index]! / 2;
    if (centre >= half) {
      if (previous === undefined) return value;
      const share = (half - previous.centre) / (centre - previous.centre);
      return previous.value + (value - previous.value) * share;
    }
    previous = { value, centre };
    below += weights[index]!;
  }
  return previous?.value ?? Number.NaN;
}
