/** One end of a time range: so long before now, or a fixed moment. */
export type TimePoint =
  | { readonly kind: "relative"; readonly beforeNowMs: number }
  | { readonly kind: "absolute"; readonly timestampMs: number };

/** A time range as the user gave it; `resolveRange` turns it into moments. */
export interface TimeRange {
  readonly from: TimePoint;
  readonly to: TimePoint;
}

/** Moments in Unix ms, start < end. */
export interface ResolvedRange {
  readonly startMs: number;
  readonly endMs: number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ["w", 7 * DAY_MS],
  ["d", DAY_MS],
  ["h", HOUR_MS],
  ["m", MINUTE_MS],
  ["s", SECOND_MS],
]);

/** Shortest window: below it a chart at the finest step has a single point. */
export const MIN_RANGE_MS = 10 * SECOND_MS;

/** Longest window: just over a year, so that "same day last year" fits. */
export const MAX_RANGE_MS = 400 * DAY_MS;

/** The quick ranges, in the order in which they are offered. */
export const QUICK_RANGES_MS: readonly number[] = [
  15 * MINUTE_MS,
  HOUR_MS,
  6 * HOUR_MS,
  24 * HOUR_MS,
];

/** A window of `lengthMs` that ends now and moves with time. */
export function lastRange(lengthMs: number): TimeRange {
  return {
    from: { kind: "relative", beforeNowMs: lengthMs },
    to: { kind: "relative", beforeNowMs: 0 },
  };
}

/** A fixed window. Ends in the wrong order are swapped; a window that is too short is widened. */
export function fixedRange(aMs: number, bMs: number): TimeRange {
  const startMs = Math.round(Math.min(aMs, bMs));
  const endMs = Math.max(Math.round(Math.max(aMs, bMs)), startMs + MIN_RANGE_MS);
  return {
    from: { kind: "absolute", timestampMs: startMs },
    to: { kind: "absolute", timestampMs: endMs },
  };
}

/** What is shown when the URL says nothing: the finest step, and a new installation fills it soon. */
export const DEFAULT_RANGE: TimeRange = lastRange(15 * MINUTE_MS);

/** Whether the window moves with time. */
export function isLive(range: TimeRange): boolean {
  return range.to.kind === "relative" && range.to.beforeNowMs === 0;
}

/** The moments of `range` when it is `nowMs`, at least the shortest and at most the longest window. */
export function resolveRange(range: TimeRange, nowMs: number): ResolvedRange {
  const endMs = resolvePoint(range.to, nowMs);
  const lengthMs = endMs - resolvePoint(range.from, nowMs);
  return { startMs: endMs - Math.min(Math.max(lengthMs, MIN_RANGE_MS), MAX_RANGE_MS), endMs };
}

function resolvePoint(point: TimePoint, nowMs: number): number {
  return point.kind === "relative" ? nowMs - point.beforeNowMs : point.timestampMs;
}

/**
 * Reads `now`, `now-90s`, `now-1h30m`, an ISO date-time (with zone), or `YYYY-MM-DD HH:MM[:SS]` in
 * local time. `null` when it is none of them.
 */
export function parseTimePoint(text: string): TimePoint | null {
  const trimmed = text.trim();
  const relative = /^now(?:-((?:\d{1,6}[wdhms])+))?$/.exec(trimmed);
  if (relative) return { kind: "relative", beforeNowMs: parseDuration(relative[1] ?? "") };
  if (
    !/^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/.test(
      trimmed,
    )
  )
    return null;
  const withTime = trimmed.length === 10 ? `${trimmed}T00:00` : trimmed.replace(" ", "T");
  const timestampMs = Date.parse(withTime);
  return Number.isNaN(timestampMs) ? null : { kind: "absolute", timestampMs };
}

function parseDuration(text: string): number {
  let sumMs = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([wdhms])/g))
    sumMs += Number(count) * (UNIT_MS.get(unit ?? "") ?? 0);
  return sumMs;
}

/** The shortest text that `parseTimePoint` reads back as the same point, fit for a URL. */
export function formatTimePoint(point: TimePoint): string {
  if (point.kind === "absolute")
    return new Date(point.timestampMs).toISOString().replace(".000Z", "Z");
  return point.beforeNowMs === 0 ? "now" : `now-${formatDuration(point.beforeNowMs)}`;
}

/** `5400000` as `1h30m`; rounded to whole seconds, at least `1s`. */
export function formatDuration(durationMs: number): string {
  let restMs = Math.max(SECOND_MS, Math.round(durationMs / SECOND_MS) * SECOND_MS);
  let text = "";
  for (const [unit, unitMs] of UNIT_MS) {
    const count = Math.floor(restMs / unitMs);
    if (count > 0 && unit !== "w") {
      text += `${count}${unit}`;
      restMs -= count * unitMs;
    }
  }
  return text;
}

/** The range of two texts; `null` when one cannot be read, or the window is empty or too long. */
export function parseRange(fromText: string, toText: string, nowMs: number): TimeRange | null {
  const from = parseTimePoint(fromText);
  const to = parseTimePoint(toText);
  if (!from || !to) return null;
  const lengthMs = resolvePoint(to, nowMs) - resolvePoint(from, nowMs);
  return lengthMs >= MIN_RANGE_MS && lengthMs <= MAX_RANGE_MS ? { from, to } : null;
}

/** The window moved by `fraction` of its length (negative: into the past), as a fixed window. */
export function shiftRange(range: ResolvedRange, fraction: number): TimeRange {
  const byMs = (range.endMs - range.startMs) * fraction;
  return fixedRange(range.startMs + byMs, range.endMs + byMs);
}

/** The window twice as long around the same middle, never ending after `nowMs`. */
export function widenRange(range: ResolvedRange, nowMs: number): TimeRange {
  const lengthMs = Math.min((range.endMs - range.startMs) * 2, MAX_RANGE_MS);
  const endMs = Math.min((range.startMs + range.endMs) / 2 + lengthMs / 2, nowMs);
  return fixedRange(endMs - lengthMs, endMs);
}
