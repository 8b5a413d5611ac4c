import { fitEts } from "./ets/ets-fit.ts";
import { etsModel } from "./ets/ets-model.ts";
import type { EtsSpec } from "./ets/ets-spec.ts";
import type { Forecaster } from "./forecaster.ts";
import { insufficientHistory, trainingValues } from "./gaussian-model.ts";

/** Two states and up to three parameters: one sample more than unknowns. */
const MIN_SAMPLES = 6;

/**
 * Double exponential smoothing: Holt's level and slope (1957), as ETS(A,A,N), or with `isDamped` the
 * slope that fades by the factor phi in each step (Gardner and McKenzie 1985), ETS(A,Ad,N). All
 * parameters are estimated by maximum likelihood, as R's `holt` does.
 */
export function doubleExponentialSmoothing(
  options: { readonly isDamped?: boolean } = {},
): Forecaster {
  const isDamped = options.isDamped ?? false;
  const spec: EtsSpec = { error: "A", trend: "A", isDamped, season: "N", seasonSamples: 1 };
  return {
    name: isDamped ? "damped" : "holt",
    fit(series) {
      const values = trainingValues(series);
      if (values.length < MIN_SAMPLES) return insufficientHistory(MIN_SAMPLES);
      return etsModel(isDamped ? "Damped Holt" : "Holt", fitEts(values, spec), values);
    },
  };
}
