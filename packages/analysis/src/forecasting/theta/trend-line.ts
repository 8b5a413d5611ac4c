/** The least squares line of a series over t = 1, 2, …; `intercept` is its value at t = 0. */
export function trendLine(values: Float64Array): { intercept: number; slope: number } {
  const count = values.length;
  const centre = (count + 1) / 2;
  let sum = 0;
  let cross = 0;
  for (let i = 0; i < count; i++) {
    sum += values[i]!;
    cross += (i + 1 - centre) * values[i]!;
  }
  const spread = (count * (count * count - 1)) / 12;
  const slope = spread > 0 ? cross / spread : 0;
  return { intercept: sum / count - slope * centre, slope };
}
