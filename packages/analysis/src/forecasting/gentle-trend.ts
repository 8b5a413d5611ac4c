import { fitEts } from "./ets/ets-fit.ts";
import { etsModel } from "./ets/ets-model.ts";
import type { EtsSpec } from "./ets/ets-spec.ts";
import type { Forecaster } from "./forecaster.ts";
import { insufficientHistory, trainingValues } from "./gaussian-model.ts";

const MIN_SAMPLES = 4;
const SPEC: EtsSpec = { error: "A", trend: "A", isDamped: true, season: "N", seasonSamples: 1 };
/** Gardner and McKenzie (1985) found most estimates near it; a short series cannot tell better. */
const PHI = 0.9;

/**
 * Damped Holt smoothing with phi fixed and the start read from the first samples, so that only alpha
 * and beta are estimated: on series of a few dozen samples that is better than estimating all five.
 */
export function gentleTrend(): Forecaster {
  return {
    name: "gentle-trend",
    fit(series) {
      const values = trainingValues(series);
      if (values.length < MIN_SAMPLES) return insufficientHistory(MIN_SAMPLES);
      const fit = fitEts(values, SPEC, { keepsStart: true, fixed: { phi: PHI } });
      return etsModel("Gentle trend", fit, values);
    },
  };
}
