/**
 * The quantile of Student's t with 4 degrees of freedom, in closed form (Shaw, Journal of Computational
 * Finance 9, 2006). 0 gives -Infinity, 1 gives Infinity, anything outside [0, 1] `NaN`.
 */
export function student4Quantile(probability: number): number {
  if (!(probability >= 0 && probability <= 1)) return Number.NaN;
  const alpha = 4 * probability * (1 - probability);
  if (alpha === 0) return probability < 0.5 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const root = Math.sqrt(Math.min(1, alpha));
  const size = 2 * Math.sqrt(Math.max(0, Math.cos(Math.acos(root) / 3) / root - 1));
  return probability < 0.5 ? -size : size;
}
