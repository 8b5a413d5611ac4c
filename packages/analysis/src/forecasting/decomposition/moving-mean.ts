/** Means of each `length` neighbours; `length - 1` shorter than the values. */
export function movingMean(values: Float64Array, length: number): Float64Array {
  const means = new Float64Array(Math.max(0, values.length - length + 1));
  let sum = 0;
  for (let i = 0; i < Math.min(length, values.length); i++) sum += values[i]!;
  for (let i = 0; i < means.length; i++) {
    means[i] = sum / length;
    sum += (values[i + length] ?? 0) - values[i]!;
  }
  return means;
}

/**
 * The centred moving average over one season, ends weighted half when the season is even (Kendall's
 * 2×m average). `NaN` in the half season at either end.
 */
export function centredMovingMean(values: Float64Array, seasonSamples: number): Float64Array {
  const half = seasonSamples >> 1;
  const centred = new Float64Array(values.length).fill(Number.NaN);
  const means = movingMean(values, seasonSamples);
  const isEven = seasonSamples % 2 === 0;
  for (let i = half; i < values.length - half; i++) {
    const first = means[i - half]!;
    centred[i] = isEven ? (first + means[i - half + 1]!) / 2 : first;
  }
  return centred;
}
