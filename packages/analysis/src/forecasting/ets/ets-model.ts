import type { FitResult } from "../forecaster.ts";
import { gaussianFit } from "../gaussian-model.ts";
import type { EtsFit } from "./ets-fit.ts";
import { etsPath } from "./ets-path.ts";

/** A fitted exponential smoothing model as a forecaster's answer; `values` are what it trained on. */
export function etsModel(name: string, fit: EtsFit, values: Float64Array): FitResult {
  const { alpha, beta, gamma, phi } = fit.parameters;
  return gaussianFit({
    name,
    parameters: {
      alpha,
      ...(fit.spec.trend === "A" ? { beta } : {}),
      ...(fit.spec.isDamped ? { phi } : {}),
      ...(fit.spec.season === "N" ? {} : { gamma }),
      startLevel: fit.start.level,
      ...(fit.spec.trend === "A" ? { startSlope: fit.start.slope } : {}),
      sigma2: fit.sigma2,
      aicc: fit.aicc,
    },
    residuals: absoluteErrors(fit, values),
    path: (horizon) => etsPath(fit, horizon),
  });
}

/** `y - f`; a relative error r = (y - f) / f gives `y - y / (1 + r)`. */
function absoluteErrors(fit: EtsFit, values: Float64Array): Float64Array {
  if (fit.spec.error === "A") return fit.errors;
  return fit.errors.map((error, i) => values[i]! - values[i]! / (1 + error));
}
