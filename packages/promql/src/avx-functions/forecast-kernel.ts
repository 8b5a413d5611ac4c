import type { AutoForecast, Forecast, ForecastChoice } from "@avx/analysis";
import type { Annotation } from "../evaluator/annotations.ts";
import type { QueryRun } from "../evaluator/query-run.ts";
import { metricName } from "../evaluator/series-labels.ts";
import { stepTimeMs } from "../evaluator/steps.ts";
import { putFloat } from "../evaluator/value.ts";
import type { PacedKernel } from "../functions/window-function.ts";
import { quoteString } from "../parser/go-quote.ts";
import type { FitRequest, ForecastFits } from "./forecast-cache.ts";
import { type FitCounter, REUSE_SHARE } from "./forecast-limits.ts";
import { type ForecastWindow, forecastWindow } from "./forecast-window.ts";

/** Which of the three columns of a forecast a function gives. */
export type ForecastPart = keyof Forecast;

/** What a kernel fits with. */
export interface KernelSetup {
  readonly part: ForecastPart;
  /** Seconds ahead, one value a step. */
  readonly horizonSeconds: Float64Array;
  readonly mode: FitRequest["mode"];
  readonly fits: ForecastFits;
  readonly countFit: FitCounter;
  readonly run: QueryRun;
}

/** The share of outcomes between `avx_forecast_lower` and `avx_forecast_upper`. */
export const FORECAST_LEVEL = 0.95;
/** No window says anything about a time this many samples ahead. */
const MAX_STEPS_AHEAD = 2016;

/** A fit with what it was made from, to be read at any time up to its end. */
interface Fit {
  readonly window: ForecastWindow;
  readonly forecast: AutoForecast;
  readonly horizonMs: number;
}

/** Gives one part of the forecast of each window; lets others run between fits. */
export function forecastKernel(setup: KernelSetup): PacedKernel {
  return async ({ columns, from, to }, column, context) => {
    const { shape, annotate, range, firstStep, endStep } = context;
    const say = (reason: string, severity: Annotation["severity"] = "info"): void => {
      const name = metricName(columns.labels);
      const of = name === "" ? "" : ` for metric name ${quoteString(name)}`;
      const message = `PromQL ${severity}: no forecast${of}: ${reason}`;
      annotate({ severity, message, range });
    };
    let fit: Fit | undefined;
    let lastChoice: ForecastChoice | undefined;
    for (let i = firstStep; i < endStep; i++) {
      if (from[i] === to[i]) continue;
      const horizonMs = setup.horizonSeconds[i]! * 1000;
      if (!(horizonMs > 0)) {
        say("the horizon must be above 0 seconds", "warning");
        continue;
      }
      const timeMs = stepTimeMs(shape.steps, i);
      if (fit === undefined || !serves(fit, horizonMs, columns.timesMs[to[i]! - 1]!)) {
        const due = setup.run.breathe();
        if (due) await due;
        const window = forecastWindow({
          timestampsMs: columns.timesMs.subarray(from[i], to[i]),
          values: columns.values.subarray(from[i], to[i]),
        });
        // Only windows of this call: an answer must not depend on what was asked before.
        const choice = fit?.forecast.choice ?? lastChoice;
        lastChoice = choice;
        fit = window && fitted(window, { timeMs, horizonMs, choice }, setup);
        if (fit === undefined) {
          say(window ? "the horizon is too far for the window" : "a window has a single sample");
          continue;
        }
      }
      if (fit.forecast.kind === "refused") say(refusalText(fit.forecast));
      else putFloat(column, i, valueAt(fit, fit.forecast[setup.part], timeMs + horizonMs));
    }
  };
}

function serves({ window, horizonMs }: Fit, wantedMs: number, newestMs: number): boolean {
  return wantedMs === horizonMs && newestMs - window.newestMs <= REUSE_SHARE * horizonMs;
}

interface FitTimes {
  readonly timeMs: number;
  readonly horizonMs: number;
  readonly choice: ForecastChoice | undefined;
}

/** `undefined` when the time asked for lies too many samples ahead. */
function fitted(
  window: ForecastWindow,
  { timeMs, horizonMs, choice }: FitTimes,
  { mode, fits, countFit }: KernelSetup,
): Fit | undefined {
  // Later steps that share the fit look further past its newest sample.
  const reachMs = timeMs - window.newestMs + horizonMs * (1 + REUSE_SHARE);
  const horizonSteps = Math.max(1, Math.ceil(reachMs / window.stepMs) + 1);
  if (horizonSteps > MAX_STEPS_AHEAD) return undefined;
  countFit();
  const { series } = window;
  const forecast = fits({ series, horizonSteps, level: FORECAST_LEVEL, mode, choice });
  return { window, forecast, horizonMs };
}

/** Between two forecast samples the value lies on the line between them. */
function valueAt({ window }: Fit, part: Float64Array, timeMs: number): number {
  const ahead = (timeMs - window.newestMs) / window.stepMs - 1;
  const at = Math.min(Math.max(ahead, 0), part.length - 1);
  const before = Math.floor(at);
  const after = Math.ceil(at);
  return part[before]! + (at - before) * (part[after]! - part[before]!);
}

function refusalText({ reason, neededSamples }: AutoForecast & { kind: "refused" }): string {
  switch (reason) {
    case "insufficient-history":
      return neededSamples === undefined
        ? "a window has too few samples"
        : `a window has too few samples, at least ${neededSamples} are needed`;
    case "infinite-values":
      return "a window has infinite values";
    case "too-many-gaps":
      return "a window is mostly gaps";
    case "no-better-than-naive":
      return "on the past of a window no model was better than repeating it";
  }
}
