import { difference } from "../series/difference.ts";
import type { TimeSeries } from "../time-series.ts";
import { robustSpread, SPREADS_PLAUSIBLE } from "./plausibility.ts";

/**
 * Share of the steps between neighbours that are consistent: for a counter, those that do not fall;
 * for a gauge, those that lie within six robust standard deviations of the median step. 0 for no
 * sample, 1 for a single one. A step from or to a value that is not finite is inconsistent.
 */
export function consistencyOf(series: TimeSeries, kind: "gauge" | "counter"): number {
  if (series.values.length === 0) return 0;
  const steps = difference(series).values;
  if (steps.length === 0) return 1;
  const finite = steps.filter(Number.isFinite);
  const { center, spread } = robustSpread(finite);
  const isConsistent =
    kind === "counter"
      ? (step: number) => step >= 0
      : (step: number) => Math.abs(step - center) <= SPREADS_PLAUSIBLE * spread;
  return finite.filter(isConsistent).length / steps.length;
}
