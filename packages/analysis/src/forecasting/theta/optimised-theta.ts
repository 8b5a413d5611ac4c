import type { Forecaster } from "../forecaster.ts";
import { gaussianFit, insufficientHistory, trainingValues } from "../gaussian-model.ts";
import { nelderMead } from "../optimisation/nelder-mead.ts";
import { ThetaRecursion } from "./theta-recursion.ts";

const MIN_SAMPLES = 6;
const MAX_EVALUATIONS = 300;
/** The first steps of the recursion only repeat the first samples; they are not scored. */
const SKIPPED_ERRORS = 2;
/** Bounds as in the authors' R package forecTheta. */
const LOWEST_ALPHA = 0.1;
const HIGHEST_ALPHA = 0.99;
const LOWEST_THETA = 1;

/**
 * The optimised Theta models of Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler (International
 * Journal of Forecasting 32, 2016): starting level, alpha and theta by least squares. With
 * `isDynamic` the trend line is fitted anew in each step (DOTM), else once to all samples (OTM).
 */
export function optimisedTheta(options: { readonly isDynamic: boolean }): Forecaster {
  const { isDynamic } = options;
  return {
    name: isDynamic ? "dynamic-optimised-theta" : "optimised-theta",
    fit(series) {
      const values = trainingValues(series);
      if (values.length < MIN_SAMPLES) return insufficientHistory(MIN_SAMPLES);
      const recursion = new ThetaRecursion(values, isDynamic);
      const point = search(recursion, values);
      const squares = recursion.run(point, SKIPPED_ERRORS);
      const [level, alpha, thetaWeight] = point;
      const freedom = Math.max(1, values.length - SKIPPED_ERRORS - 3);
      const sigma2 = squares / freedom;
      const residuals = Float64Array.from(recursion.errors);
      const end = recursion.end();
      return gaussianFit({
        name: isDynamic ? "Dynamic optimised Theta" : "Optimised Theta",
        parameters: { startLevel: level!, alpha: alpha!, theta: thetaWeight!, sigma2 },
        residuals,
        path: (horizon) => ({
          mean: recursion.continueFrom(end, point, horizon),
          variance: Float64Array.from(
            { length: horizon },
            (_, step) => sigma2 * (1 + step * alpha! ** 2),
          ),
        }),
      });
    },
  };
}

function search(recursion: ThetaRecursion, values: Float64Array): Float64Array {
  const spread = Math.abs(values[0]!) || 1;
  const objective = (point: Float64Array): number => {
    const alpha = point[1]!;
    if (alpha < LOWEST_ALPHA || alpha > HIGHEST_ALPHA || point[2]! < LOWEST_THETA) return Infinity;
    return recursion.run(point, SKIPPED_ERRORS);
  };
  return nelderMead(objective, new Float64Array([values[0]! / 2, 0.5, 2]), {
    steps: new Float64Array([0.25 * spread, 0.2, 1]),
    maxEvaluations: MAX_EVALUATIONS,
    relativeTolerance: 1e-7,
  }).point;
}
