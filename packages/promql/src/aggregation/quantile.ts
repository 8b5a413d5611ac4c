/**
 * Quantile of values by linear interpolation between neighbours, as Prometheus: NaN counts as the
 * smallest value. Sorts `values` in place. NaN when empty or q is NaN; ±Inf for q outside [0, 1].
 */
export function quantileOf(q: number, values: Float64Array): number {
  if (values.length === 0 || Number.isNaN(q)) return Number.NaN;
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (q > 1) return Number.POSITIVE_INFINITY;
  sortNaNFirst(values);
  const rank = q * (values.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(values.length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return values[lower]! * (1 - weight) + values[upper]! * weight;
}

/** Typed arrays sort NaN to the end; Prometheus wants them first. */
function sortNaNFirst(values: Float64Array): void {
  values.sort();
  let numbers = values.length;
  while (numbers > 0 && Number.isNaN(values[numbers - 1]!)) numbers--;
  const nans = values.length - numbers;
  if (nans === 0) return;
  values.copyWithin(nans, 0, numbers);
  values.fill(Number.NaN, 0, nans);
}
