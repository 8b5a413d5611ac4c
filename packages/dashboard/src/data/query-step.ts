import type { ResolvedRange } from "../state/time-range.ts";

/** A range cut into equal steps. `startMs` and `endMs` are multiples of `stepMs`. */
export interface StepGrid {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

/** Steps that a person reads easily, from the finest that live data offers. */
const STEPS_MS = [
  5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400,
].map((seconds) => seconds * 1000);

/** About one point for every 1 to 2 pixels of a chart; more would cost time and show nothing. */
const MAX_POINTS = 400;

/**
 * Samples of the last moments are still on their way, so a rate over them would show a drop that
 * did not happen. The grid ends at the last step before this delay.
 */
export const ARRIVAL_DELAY_MS = 5_000;

/**
 * The finest grid with at most `MAX_POINTS` points in `range`. Its points do not move while the
 * window does, so a live chart does not shimmer.
 */
export function stepGrid(range: ResolvedRange, nowMs: number): StepGrid {
  const lengthMs = range.endMs - range.startMs;
  const stepMs =
    STEPS_MS.find((candidate) => lengthMs / candidate <= MAX_POINTS) ??
    Math.ceil(lengthMs / MAX_POINTS / 86_400_000) * 86_400_000;
  return gridOf(range, nowMs, stepMs);
}

/** Prometheus refuses a range query with more points for each series. */
const MAX_SERVER_POINTS = 11_000;

/** A grid with the step that the user chose, or the next that the server still answers. */
export function fixedStepGrid(range: ResolvedRange, nowMs: number, stepMs: number): StepGrid {
  const leastMs = Math.ceil((range.endMs - range.startMs) / (MAX_SERVER_POINTS - 1) / 1000) * 1000;
  return gridOf(range, nowMs, Math.max(Math.round(stepMs / 1000) * 1000, leastMs, 1000));
}

function gridOf(range: ResolvedRange, nowMs: number, stepMs: number): StepGrid {
  const completeMs = Math.min(range.endMs, nowMs - ARRIVAL_DELAY_MS);
  const endMs = Math.floor(completeMs / stepMs) * stepMs;
  return { startMs: Math.min(Math.ceil(range.startMs / stepMs) * stepMs, endMs), endMs, stepMs };
}

/** Shortest window of a rate: four exports at the usual 15 s, so that a lost one is no gap. */
const MIN_RATE_WINDOW_MS = 60_000;

/** The window of `rate()` for a step, in PromQL: never shorter than a step, so no sample is missed. */
export function rateWindow(stepMs: number): string {
  return `${Math.max(stepMs, MIN_RATE_WINDOW_MS) / 1000}s`;
}
