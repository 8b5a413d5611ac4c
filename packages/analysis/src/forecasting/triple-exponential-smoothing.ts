import { AnalysisError, requireInteger } from "../analysis-error.ts";
import { fitEts } from "./ets/ets-fit.ts";
import { etsModel } from "./ets/ets-model.ts";
import type { EtsSpec } from "./ets/ets-spec.ts";
import type { Forecaster } from "./forecaster.ts";
import { insufficientHistory, trainingValues } from "./gaussian-model.ts";

/** How the season enters, and how long it is. */
export interface TripleSmoothingOptions {
  readonly seasonSamples: number;
  /** A season of constant size, or one that grows with the level; the latter needs values above 0. */
  readonly seasonal?: "additive" | "multiplicative";
  readonly isDamped?: boolean;
}

/** Estimating the terms of a longer season one by one costs more than it gains. */
const MAX_ESTIMATED_SEASON = 12;

/**
 * Triple exponential smoothing: the level, slope and season of Holt and Winters (1960), as ETS(A,A,A)
 * or ETS(M,A,M), estimated by maximum likelihood, as R's `hw` does. Needs two seasons. Throws
 * `invalid_series` when a multiplicative season meets a value that is not above 0.
 */
export function tripleExponentialSmoothing(options: TripleSmoothingOptions): Forecaster {
  requireInteger("seasonSamples", options.seasonSamples, 2);
  const spec = tripleSpec(options);
  const needed = 2 * options.seasonSamples + 1;
  return {
    name: options.seasonal === "multiplicative" ? "holt-winters-multiplicative" : "holt-winters",
    fit(series) {
      const values = trainingValues(series);
      if (values.length < needed) return insufficientHistory(needed);
      if (spec.season === "M") requireAboveZero(values);
      const fit = fitEts(values, spec, { maxEstimatedSeason: MAX_ESTIMATED_SEASON });
      return etsModel(`Holt-Winters ${options.seasonal ?? "additive"}`, fit, values);
    },
  };
}

function tripleSpec(options: TripleSmoothingOptions): EtsSpec {
  const isRatio = options.seasonal === "multiplicative";
  return {
    error: isRatio ? "M" : "A",
    trend: "A",
    isDamped: options.isDamped ?? false,
    season: isRatio ? "M" : "A",
    seasonSamples: options.seasonSamples,
  };
}

function requireAboveZero(values: Float64Array): void {
  const index = values.findIndex((value) => value <= 0);
  if (index < 0) return;
  const reason = `a multiplicative season needs values above 0, got ${values[index]}`;
  throw new AnalysisError("invalid_series", { index, reason });
}
