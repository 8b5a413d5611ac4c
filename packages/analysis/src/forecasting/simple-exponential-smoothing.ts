import { requireUnitInterval } from "../analysis-error.ts";
import { fitEts } from "./ets/ets-fit.ts";
import { etsModel } from "./ets/ets-model.ts";
import type { EtsSpec } from "./ets/ets-spec.ts";
import type { Forecaster } from "./forecaster.ts";
import { insufficientHistory, trainingValues } from "./gaussian-model.ts";

/** Level and weight are two unknowns; a third sample is the first that can contradict them. */
const MIN_SAMPLES = 3;

const SPEC: EtsSpec = {
  error: "A",
  trend: "N",
  isDamped: false,
  season: "N",
  seasonSamples: 1,
};

/**
 * Simple exponential smoothing (Brown 1956), as the state space model ETS(A,N,N): one flat forecast,
 * the smoothed level. `alpha` in [0, 1] is the weight of the newest sample; without it alpha and the
 * first level are estimated by maximum likelihood, as R's `ses` does.
 */
export function simpleExponentialSmoothing(options: { readonly alpha?: number } = {}): Forecaster {
  if (options.alpha !== undefined) requireUnitInterval("alpha", options.alpha);
  const fixed = options.alpha === undefined ? {} : { alpha: options.alpha };
  return {
    name: "ses",
    fit(series) {
      const values = trainingValues(series);
      if (values.length < MIN_SAMPLES) return insufficientHistory(MIN_SAMPLES);
      return etsModel("SES", fitEts(values, SPEC, { fixed }), values);
    },
  };
}
