import type { ExtraFunction } from "../evaluator/create-query-engine.ts";
import type { CallNode } from "../evaluator/plan.ts";
import type { QueryRun } from "../evaluator/query-run.ts";
import { argument, scalarArgument } from "../functions/arguments.ts";
import type { FunctionSignature } from "../functions/signatures.ts";
import { windowFunction } from "../functions/window-function.ts";
import { createForecastFits, type ForecastFits } from "./forecast-cache.ts";
import { type ForecastPart, forecastKernel } from "./forecast-kernel.ts";
import { assertFits, createFitCounters, MAX_FITS_PER_QUERY, mostFits } from "./forecast-limits.ts";

/** Up to so many series an instant query tries every model; it then takes about a second. */
const MAX_SERIES_OF_AUTO_MODE = 10;

const PARTS: readonly (readonly [name: string, part: ForecastPart])[] = [
  ["avx_forecast", "mean"],
  ["avx_forecast_lower", "lower"],
  ["avx_forecast_upper", "upper"],
];

function signatureOf(name: string): FunctionSignature {
  const argTypes = ["matrix", "scalar"] as const;
  return { name, argTypes, variadic: 0, returnType: "vector", experimental: false };
}

/** Signatures of the functions of forecasts, by name. */
export const FORECAST_SIGNATURES: ReadonlyMap<string, FunctionSignature> = new Map(
  PARTS.map(([name]) => [name, signatureOf(name)]),
);

/** What a test may replace. */
export interface ForecastFunctionOptions {
  readonly fits?: ForecastFits;
  readonly maxFitsPerQuery?: number;
}

/**
 * `avx_forecast(v range-vector, horizon scalar)` and its lower and upper bound, for the option
 * `extraFunctions` of an engine. Models of the latest windows are remembered across its queries.
 */
export function createForecastFunctions(
  options: ForecastFunctionOptions = {},
): readonly ExtraFunction[] {
  const fits = options.fits ?? createForecastFits();
  const limit = options.maxFitsPerQuery ?? MAX_FITS_PER_QUERY;
  const counterOf = createFitCounters(limit);
  return PARTS.map(([name, part]) => ({
    signature: signatureOf(name),
    implementation: windowFunction(name, {
      dependsOnStep: true,
      prepare: async (call, run) => {
        const horizonSeconds = await scalarArgument(call, 1, run);
        const series = seriesOf(call);
        if (series !== undefined) {
          assertFits(mostFits({ series, steps: run.steps, horizonSeconds }), limit);
        }
        const countFit = counterOf(run.budget);
        return forecastKernel({
          part,
          horizonSeconds,
          mode: modeOf(series, run),
          fits,
          countFit,
          run,
        });
      },
    }),
  }));
}

/** Series of the range vector; how many a subquery makes is not known beforehand. */
function seriesOf(call: CallNode): number | undefined {
  const node = argument(call, 0);
  return node.kind === "window" ? node.selection.series.length : undefined;
}

/** Many fits must be cheap ones. */
function modeOf(series: number | undefined, run: QueryRun): "auto" | "fast" {
  const isFew = series !== undefined && series <= MAX_SERIES_OF_AUTO_MODE;
  return isFew && run.steps.count === 1 ? "auto" : "fast";
}
