/** Takes `lag`-step differences once; `lag` samples shorter, empty when too short. */
export function differenceOnce(values: Float64Array, lag: number): Float64Array {
  const length = Math.max(0, values.length - lag);
  const result = new Float64Array(length);
  for (let i = 0; i < length; i++) result[i] = values[i + lag]! - values[i]!;
  return result;
}

/** Seasonal differences `D` times, then ordinary ones `d` times. */
export function difference(
  values: Float64Array,
  { d, D, seasonSamples }: { d: number; D: number; seasonSamples: number },
): Float64Array {
  let result = values;
  for (let i = 0; i < D; i++) result = differenceOnce(result, seasonSamples);
  for (let i = 0; i < d; i++) result = differenceOnce(result, 1);
  return result;
}

/** Weights `c` of `(1-B)^d (1-B^s)^D y_t = w_t` solved for y: `y_t = w_t + sum c_i y_(t-i)`. */
export function integrationWeights({
  d,
  D,
  seasonSamples,
}: {
  d: number;
  D: number;
  seasonSamples: number;
}): Float64Array {
  let polynomial = [1];
  for (let i = 0; i < D; i++) polynomial = timesOneMinus(polynomial, seasonSamples);
  for (let i = 0; i < d; i++) polynomial = timesOneMinus(polynomial, 1);
  return Float64Array.from(polynomial.slice(1), (weight) => -weight);
}

function timesOneMinus(polynomial: readonly number[], lag: number): number[] {
  return Array.from(
    { length: polynomial.length + lag },
    (_, i) => (polynomial[i] ?? 0) - (polynomial[i - lag] ?? 0),
  );
}
