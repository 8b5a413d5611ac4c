import type { Formatter } from "./formatter.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * Labels of the time axis: as fine as the distance between ticks asks for, and the day in a second
 * line under the first tick and wherever the day changes.
 */
export function timeTickLabels(ticksMs: readonly number[], formatter: Formatter): string[] {
  const stepMs = (ticksMs[1] ?? Number.POSITIVE_INFINITY) - (ticksMs[0] ?? 0);
  let previousDay = "";
  return ticksMs.map((tickMs) => {
    const day = formatter.day(tickMs);
    const isNewDay = day !== previousDay;
    previousDay = day;
    if (stepMs >= DAY_MS && Number.isFinite(stepMs)) return day;
    const time = stepMs < MINUTE_MS ? formatter.time(tickMs) : formatter.hourMinute(tickMs);
    return isNewDay ? `${time}\n${day}` : time;
  });
}
