import type { EtsSpec, EtsState } from "./ets-spec.ts";

/** Level and slope are read from at most this many seasons (or samples) at the beginning. */
const MIN_START_SAMPLES = 10;

/**
 * Starting states by the book's section 2.6.1: seasonal terms from a centred moving average, level
 * and slope from a straight line through the first deseasonalised samples. Needs two seasons.
 */
export function startingState(values: Float64Array, spec: EtsSpec): EtsState {
  const seasonal = spec.season === "N" ? new Float64Array(0) : seasonalStart(values, spec);
  const head = values.subarray(0, Math.max(MIN_START_SAMPLES, 2 * spec.seasonSamples));
  const adjusted = head.map((value, i) => {
    if (spec.season === "N") return value;
    const term = seasonal[i % seasonal.length]!;
    return spec.season === "M" ? value / term : value - term;
  });
  if (spec.trend === "N") return { level: mean(adjusted), slope: 0, seasonal };
  const { intercept, slope } = line(adjusted);
  return { level: intercept, slope, seasonal };
}

function seasonalStart(values: Float64Array, spec: EtsSpec): Float64Array {
  const period = spec.seasonSamples;
  const isRatio = spec.season === "M";
  const sums = new Float64Array(period);
  const counts = new Float64Array(period);
  const half = period >> 1;
  const isEven = period % 2 === 0;
  for (let i = half; i < values.length - half; i++) {
    let sum = 0;
    for (let k = i - half; k <= i + half; k++) sum += values[k]!;
    if (isEven) sum -= 0.5 * (values[i - half]! + values[i + half]!);
    const centre = sum / period;
    sums[i % period]! += isRatio ? values[i]! / centre : values[i]! - centre;
    counts[i % period]!++;
  }
  const terms = sums.map((sum, phase) => (counts[phase]! > 0 ? sum / counts[phase]! : +isRatio));
  const centre = mean(terms);
  if (!isRatio) return terms.map((term) => term - centre);
  // A ratio at or below 0 would turn the model over; the book's software uses the same floor.
  return terms.map((term) => Math.max(1e-2, term / (centre || 1)));
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Least squares line; `intercept` is its value one step before the first sample. */
function line(values: Float64Array): { intercept: number; slope: number } {
  const count = values.length;
  const centre = (count + 1) / 2;
  const average = mean(values);
  let cross = 0;
  let spread = 0;
  for (let i = 0; i < count; i++) {
    cross += (i + 1 - centre) * (values[i]! - average);
    spread += (i + 1 - centre) ** 2;
  }
  const slope = spread > 0 ? cross / spread : 0;
  return { intercept: average - slope * centre, slope };
}
