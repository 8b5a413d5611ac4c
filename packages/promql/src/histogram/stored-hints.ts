import type { NativeHistogram } from "@avx/model";
import { sameBounds } from "./custom-bounds.ts";
import { detectReset } from "./detect-reset.ts";

/**
 * Counter reset hints as Prometheus' storage would return them for histograms appended one after
 * another: the first of a run is unknown, later ones say whether a reset lies before them. Gauges
 * and explicit resets keep their hint; after a change of layout the hint is unknown.
 */
export function withStoredHints(
  histograms: readonly (NativeHistogram | undefined)[],
): (NativeHistogram | undefined)[] {
  let previous: NativeHistogram | undefined;
  return histograms.map((histogram) => {
    if (!histogram) {
      previous = undefined;
      return undefined;
    }
    const stored = { ...histogram, counterResetHint: storedHint(histogram, previous) };
    previous = histogram;
    return stored;
  });
}

function storedHint(
  histogram: NativeHistogram,
  previous: NativeHistogram | undefined,
): NativeHistogram["counterResetHint"] {
  const hint = histogram.counterResetHint;
  if (hint === "gauge" || hint === "reset") return hint;
  if (!previous || histogram.stale || previous.stale) return "unknown";
  if (previous.counterResetHint === "gauge") return "unknown";
  if (histogram.count < previous.count) return "reset";
  if (histogram.schema !== previous.schema) return "unknown";
  if (histogram.zeroThreshold !== previous.zeroThreshold) return "unknown";
  if (!sameBounds(histogram.customBounds, previous.customBounds)) return "reset";
  return detectReset({ ...histogram, counterResetHint: "unknown" }, previous)
    ? "reset"
    : "not-reset";
}
