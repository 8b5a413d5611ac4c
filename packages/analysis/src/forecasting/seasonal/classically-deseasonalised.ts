import { requireInteger } from "../../analysis-error.ts";
import { classicalSeason, removeSeason, type SeasonalTerms } from "../decomposition/classical.ts";
import type { FitResult, Forecast, Forecaster } from "../forecaster.ts";
import { hasSeason } from "./season-test.ts";

/** The season to take out, and the model for what is left. */
export interface DeseasonalisedOptions {
  readonly seasonSamples: number;
  readonly inner: Forecaster;
}

/**
 * Takes a constant season out, forecasts the rest, puts the season back, as the benchmarks of M3 and
 * M4 do. The season multiplies when no value is below 0, else it adds; it is left alone when the
 * test of `hasSeason` finds none.
 */
export function classicallyDeseasonalised(options: DeseasonalisedOptions): Forecaster {
  const { seasonSamples, inner } = options;
  requireInteger("seasonSamples", seasonSamples, 1);
  return {
    name: inner.name,
    fit(series) {
      const { values } = series;
      const season = significantSeason(values, seasonSamples);
      if (season === undefined) return inner.fit(series);
      const adjusted = { ...series, values: removeSeason(values, season) };
      return reseasonalised(inner.fit(adjusted), season, values.length);
    },
  };
}

/**
 * The classical season of the values when the test finds one and it can be divided by; `undefined`
 * otherwise.
 */
export function significantSeason(
  values: Float64Array,
  seasonSamples: number,
): SeasonalTerms | undefined {
  if (!hasSeason(values, seasonSamples)) return undefined;
  const isRatio = values.every((value) => value >= 0);
  const season = classicalSeason(values, seasonSamples, isRatio ? "multiplicative" : "additive");
  return isRatio && season.terms.some((term) => !(term > 0)) ? undefined : season;
}

function reseasonalised(result: FitResult, season: SeasonalTerms, count: number): FitResult {
  if (result.kind !== "fitted") return result;
  const { model } = result;
  const { terms, kind } = season;
  const putBack = (part: Float64Array): Float64Array =>
    part.map((value, step) => {
      const term = terms[(count + step) % terms.length]!;
      return kind === "multiplicative" ? value * term : value + term;
    });
  const scaled = (residual: number, i: number): number =>
    kind === "multiplicative" ? residual * terms[i % terms.length]! : residual;
  return {
    kind: "fitted",
    model: {
      name: `${model.name}, season ${terms.length} ${kind}`,
      parameters: model.parameters,
      residuals: model.residuals.map(scaled),
      forecast(horizon, level): Forecast {
        const { mean, lower, upper } = model.forecast(horizon, level);
        return { mean: putBack(mean), lower: putBack(lower), upper: putBack(upper) };
      },
    },
  };
}
