import { constants, PerformanceObserver } from "node:perf_hooks";
import type { Meter } from "../metrics/meter.ts";

/** Boundaries in seconds that the semantic conventions advise for `v8js.gc.duration`. */
const GC_BOUNDARIES = [0.01, 0.1, 1, 10];

const GC_TYPES: ReadonlyMap<number, string> = new Map([
  [constants.NODE_PERFORMANCE_GC_MAJOR, "major"],
  [constants.NODE_PERFORMANCE_GC_MINOR, "minor"],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, "incremental"],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, "weakcb"],
]);

/** `v8js.gc.duration` by type of collection. Gives the stop function. */
export function observeGarbageCollection(meter: Meter): () => void {
  const durations = meter.createHistogram("v8js.gc.duration", {
    unit: "s",
    description: "Garbage collection duration.",
    advice: { explicitBucketBoundaries: GC_BOUNDARIES },
  });
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const detail: unknown = "detail" in entry ? entry.detail : undefined;
      const kind = isKinded(detail) ? detail.kind : undefined;
      const type = kind === undefined ? undefined : GC_TYPES.get(kind);
      durations.bind({ "v8js.gc.type": type ?? "unknown" }).record(entry.duration / 1000);
    }
  });
  observer.observe({ entryTypes: ["gc"] });
  return () => observer.disconnect();
}

function isKinded(detail: unknown): detail is { readonly kind: number } {
  return (
    typeof detail === "object" &&
    detail !== null &&
    "kind" in detail &&
    typeof detail.kind === "number"
  );
}
