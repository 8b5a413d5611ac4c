import type { AppState } from "../app-context.ts";
import { fixedRange, isLive, lastRange, type TimeRange } from "../state/time-range.ts";

/**
 * Pause: the window that is shown, fixed, so that it can be shared. Go live: a window of the same
 * length that ends now.
 */
export function toggleLive({ view, range }: Pick<AppState, "view" | "range">): TimeRange {
  if (isLive(view.range)) return fixedRange(range.startMs, range.endMs);
  return lastRange(Math.round((range.endMs - range.startMs) / 1000) * 1000);
}
