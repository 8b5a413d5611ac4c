import type { ArimaChoices } from "./arima-members.ts";
import type { BacktestSummary } from "./backtest-summary.ts";
import type { MemberWeight } from "./combination.ts";
import type { IntervalShape } from "./conformal-interval.ts";
import type { Forecastability } from "./forecastability.ts";
import type { RegularSeries } from "./regular-grid.ts";

/** What a choice answers: the options of the forecast, without their defaults. */
export interface ChoiceRequest {
  readonly horizon: number;
  readonly level: number;
  readonly mode: "fast" | "auto";
  /** As asked for, before those that do not fit were left out. */
  readonly seasonSamples?: readonly number[] | undefined;
}

/**
 * What an automatic forecast found out about a series and need not find out again for a few samples
 * more: plain data, for `structuredClone` and worker threads.
 */
export interface ForecastChoice {
  readonly request: ChoiceRequest;
  /** The grid that it was made on. */
  readonly startMs: number;
  readonly newestMs: number;
  readonly stepMs: number;
  /** Samples that the members learnt from: decides, with the seasons, what the pool is. */
  readonly trainedSamples: number;
  readonly seasonSamples: readonly number[];
  readonly arima?: ArimaChoices;
  readonly weights: readonly MemberWeight[];
  readonly interval: IntervalShape;
  readonly backtest?: BacktestSummary;
  readonly forecastability: Forecastability;
  /** Whether the backtest was better than repeating the past, or there was none. */
  readonly isAccepted: boolean;
}

/**
 * A twentieth more of history changes errors over four origins little; what a season or a weight was,
 * it still is. A shift of level is followed by the members, which are fitted anew.
 */
const MAX_NEW_SHARE = 0.05;
/** Gaps at the end make the same request look a few steps further. */
const HORIZON_TOLERANCE = 0.1;
/** Scrapes jitter, and with them the median step. */
const STEP_TOLERANCE = 0.01;

/**
 * Samples after which a choice must be made anew: a twentieth of its history, and no more than its
 * horizon, since then a whole window to test on would be new. At least 1.
 */
export function mostNewSamples({ trainedSamples, request }: ForecastChoice): number {
  return Math.max(1, Math.min(request.horizon, Math.floor(MAX_NEW_SHARE * trainedSamples)));
}

/** Whether the series goes on where the choice was made, closely enough, and is asked the same. */
export function isStillGood(
  choice: ForecastChoice,
  { series, stepMs }: RegularSeries,
  asked: ChoiceRequest,
): boolean {
  if (!isSameRequest(choice.request, asked)) return false;
  if (Math.abs(stepMs / choice.stepMs - 1) > STEP_TOLERANCE) return false;
  const { timestampsMs, values } = series;
  const most = mostNewSamples(choice);
  const isWithin = (timeMs: number, thenMs: number): boolean => {
    const steps = Math.round((timeMs - thenMs) / choice.stepMs);
    return steps >= 0 && steps <= most;
  };
  const isContinued =
    isWithin(timestampsMs[0]!, choice.startMs) &&
    isWithin(timestampsMs[timestampsMs.length - 1]!, choice.newestMs);
  if (!isContinued) return false;
  // The first value below 0 changes what bounds may be.
  return !choice.interval.isNonNegative || values.every((value) => value >= 0);
}

function isSameRequest(chosen: ChoiceRequest, asked: ChoiceRequest): boolean {
  const apart = Math.abs(asked.horizon - chosen.horizon);
  return (
    asked.level === chosen.level &&
    asked.mode === chosen.mode &&
    asked.seasonSamples?.join() === chosen.seasonSamples?.join() &&
    apart <= Math.max(1, HORIZON_TOLERANCE * chosen.horizon)
  );
}
