import type { NativeHistogram } from "@avx/model";
import { sameBounds } from "./custom-bounds.ts";
import { detectReset } from "./detect-reset.ts";

/**
 * Counter reset hints as Prometheus' storage returns them for histograms appended one after another.
 * A run of histograms without reset or change of layout lies in one chunk: the first of it is
 * unknown (even after a known reset, prometheus/prometheus#15346), the others are no reset. Gauges
 * stay gauges.
 */
export function withStoredHints(
  histograms: readonly (NativeHistogram | undefined)[],
): (NativeHistogram | undefined)[] {
  return histograms.map(
    (histogram, i) => histogram && withStoredHint(histogram, histograms[i - 1]),
  );
}

/** The same for one histogram; `previous` is what the sample before it has, if anything. */
export function withStoredHint(
  histogram: NativeHistogram,
  previous: NativeHistogram | undefined,
): NativeHistogram {
  if (histogram.counterResetHint === "gauge") return histogram;
  const continues = previous !== undefined && continuesChunk(histogram, previous);
  const counterResetHint = continues ? "not-reset" : "unknown";
  return counterResetHint === histogram.counterResetHint
    ? histogram
    : { ...histogram, counterResetHint };
}

function continuesChunk(histogram: NativeHistogram, previous: NativeHistogram): boolean {
  if (previous.counterResetHint === "gauge" || histogram.stale || previous.stale) return false;
  if (histogram.counterResetHint === "reset") return false;
  if (histogram.schema !== previous.schema) return false;
  if (histogram.zeroThreshold !== previous.zeroThreshold) return false;
  if (!sameBounds(histogram.customBounds, previous.customBounds)) return false;
  return !detectReset({ ...histogram, counterResetHint: "unknown" }, previous);
}
