/** (sqrt(5) - 1) / 2: each step keeps this share of the interval. */
const GOLDEN_SHARE = 0.6180339887498949;

/**
 * The minimum of a function of one variable with a single valley in `[low, high]`, to within
 * `tolerance` (Kiefer 1953). With several valleys it finds one of them.
 */
export function goldenSection(
  objective: (x: number) => number,
  { low, high, tolerance }: { low: number; high: number; tolerance: number },
): number {
  let left = low;
  let right = high;
  let a = right - GOLDEN_SHARE * (right - left);
  let b = left + GOLDEN_SHARE * (right - left);
  let valueA = objective(a);
  let valueB = objective(b);
  while (right - left > tolerance) {
    if (valueA <= valueB) {
      right = b;
      b = a;
      valueB = valueA;
      a = right - GOLDEN_SHARE * (right - left);
      valueA = objective(a);
    } else {
      left = a;
      a = b;
      valueA = valueB;
      b = left + GOLDEN_SHARE * (right - left);
      valueB = objective(b);
    }
  }
  return (left + right) / 2;
}
