import type { AppState } from "../app-context.ts";
import { isLive, type TimeRange } from "../state/time-range.ts";

/** The chosen range in words: `Last 1 h`, or its two moments. */
export function rangeLabel({ view, range, t, format }: AppState): string {
  const length = liveLengthMs(view.range);
  return length === null
    ? format.range(range.startMs, range.endMs)
    : t("range.last", { length: format.length(length) });
}

/** The length of a range that moves with time; `null` for others. */
export function liveLengthMs(range: TimeRange): number | null {
  return isLive(range) && range.from.kind === "relative" ? range.from.beforeNowMs : null;
}
