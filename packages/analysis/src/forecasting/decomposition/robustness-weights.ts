import { median } from "../../statistics/quantile.ts";

/** The remainder at which a sample loses all weight, in median absolute remainders (Cleveland 1979). */
const OUTLIER_MEDIANS = 6;

/** Bisquare weights from 1 (no remainder) to 0 (six median absolute remainders and beyond). */
export function bisquareWeights(remainder: Float64Array): Float64Array {
  const sizes = remainder.map(Math.abs);
  const limit = OUTLIER_MEDIANS * median(sizes);
  return sizes.map((size) => {
    if (size <= 0.001 * limit) return 1;
    if (size > 0.999 * limit) return 0;
    const share = size / limit;
    return (1 - share * share) ** 2;
  });
}
