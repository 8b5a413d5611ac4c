import type { TimeRange } from "@avx/model";
import type { HeadSeries } from "../../head/head-series.ts";

/**
 * Narrows what is known of a series' time span after the range was deleted from the engine, as far as
 * that can be said without reading. What the head has stays within.
 */
export function shrinkBounds(series: HeadSeries, range: TimeRange): void {
  series.revision++;
  const all = outside({ startMs: series.oldestMs, endMs: series.newestMs }, range);
  series.oldestMs = all.startMs;
  series.newestMs = all.endMs;
  for (const block of [...series.frozen, ...series.open]) {
    series.oldestMs = Math.min(series.oldestMs, block.firstMs);
    series.newestMs = Math.max(series.newestMs, block.lastMs);
  }
  const stored = outside({ startMs: series.storedOldestMs, endMs: series.storedNewestMs }, range);
  series.storedOldestMs = stored.startMs;
  series.storedNewestMs = stored.endMs;
}

/** What is left of a span: empty (from Infinity to -Infinity) when the range covers it. */
function outside({ startMs, endMs }: TimeRange, range: TimeRange): TimeRange {
  const coversStart = range.startMs <= startMs && range.endMs >= startMs;
  const coversEnd = range.endMs >= endMs && range.startMs <= endMs;
  if (coversStart && coversEnd) return { startMs: Infinity, endMs: -Infinity };
  return {
    startMs: coversStart ? range.endMs + 1 : startMs,
    endMs: coversEnd ? range.startMs - 1 : endMs,
  };
}
