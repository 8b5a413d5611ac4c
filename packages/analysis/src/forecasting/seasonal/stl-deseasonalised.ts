import { mstl } from "../decomposition/mstl.ts";
import type { FitResult, Forecast, Forecaster } from "../forecaster.ts";
import { trainingValues } from "../gaussian-model.ts";

/** The seasons that STL takes out, and the model for trend and remainder together. */
export interface StlForecasterOptions {
  readonly seasonSamples: readonly number[];
  readonly inner: Forecaster;
  readonly isRobust?: boolean;
  readonly seasonalWindow?: number;
}

/**
 * Takes the seasons out by MSTL, forecasts the rest by `inner`, and repeats the last cycle of each
 * season (R: `stlf` and `forecast.mstl`). Bounds are those of `inner`: the season is taken as known.
 */
export function stlDeseasonalised(options: StlForecasterOptions): Forecaster {
  const { inner, seasonSamples } = options;
  return {
    name: `stl-${inner.name}`,
    fit(series) {
      const values = trainingValues(series);
      const { seasonals, seasonSamples: used } = mstl(values, {
        seasonSamples,
        isRobust: options.isRobust ?? false,
        ...(options.seasonalWindow === undefined ? {} : { seasonalWindow: options.seasonalWindow }),
      });
      const adjusted = values.map((value, i) => {
        return seasonals.reduce((rest, seasonal) => rest - seasonal[i]!, value);
      });
      const cycles = seasonals.map((seasonal, i) => seasonal.slice(seasonal.length - used[i]!));
      return withCycles(inner.fit({ ...series, values: adjusted }), cycles);
    },
  };
}

/** Adds cycles, each starting at the phase of the next sample, to a fit. */
export function withCycles(result: FitResult, cycles: readonly Float64Array[]): FitResult {
  if (result.kind !== "fitted") return result;
  const { model } = result;
  const putBack = (part: Float64Array): Float64Array =>
    part.map((value, step) => {
      return cycles.reduce((sum, cycle) => sum + cycle[step % cycle.length]!, value);
    });
  return {
    kind: "fitted",
    model: {
      name: cycles.length > 0 ? `STL [${cycles.map((c) => c.length)}] + ${model.name}` : model.name,
      parameters: model.parameters,
      residuals: model.residuals,
      forecast(horizon, level): Forecast {
        const { mean, lower, upper } = model.forecast(horizon, level);
        return { mean: putBack(mean), lower: putBack(lower), upper: putBack(upper) };
      },
    },
  };
}
