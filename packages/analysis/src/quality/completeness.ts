import { median } from "../statistics/quantile.ts";
import type { TimeBounds, TimeSeries } from "../time-series.ts";

/**
 * Share of the expected samples that exist. A hole of `k` steps misses `k - 1` samples; so does one
 * at either end of the bounds. 0 for no sample; 1 for a single one of which no step is known.
 */
export function completenessOf(
  series: TimeSeries,
  options: { readonly stepMs?: number; readonly bounds?: TimeBounds },
): number {
  const times = series.timestampsMs;
  const present = times.length;
  if (present === 0) return 0;
  const gapsMs = times.subarray(1).map((time, i) => time - times[i]!);
  const stepMs = options.stepMs ?? median(gapsMs);
  if (!(stepMs > 0)) return 1;
  let missing = 0;
  for (const gapMs of gapsMs) missing += Math.max(0, Math.round(gapMs / stepMs) - 1);
  if (options.bounds !== undefined) {
    missing += missingAtEdge(times[0]! - options.bounds.startMs, stepMs);
    missing += missingAtEdge(options.bounds.endMs - times.at(-1)!, stepMs);
  }
  return present / (present + missing);
}

/** The edge need not fall on a sample, so less than a whole step there misses nothing. */
function missingAtEdge(emptyMs: number, stepMs: number): number {
  return Math.max(0, Math.floor(emptyMs / stepMs));
}
