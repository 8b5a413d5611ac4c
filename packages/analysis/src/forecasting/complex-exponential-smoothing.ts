import type { Forecaster } from "./forecaster.ts";
import { gaussianFit, insufficientHistory, trainingValues } from "./gaussian-model.ts";
import { nelderMead } from "./optimisation/nelder-mead.ts";

const MIN_SAMPLES = 6;
const MAX_EVALUATIONS = 250;
/** Passes back and forth that let the starting state be forgotten. */
const BACKCAST_PASSES = 2;
/** The start of the authors' software: alpha = 1.3 + 1.0i. */
const START = [1.3, 1];
/** Beyond these the model is unstable for every series of the paper. */
const HIGHEST_PART = 2.5;

/**
 * Complex exponential smoothing without season (Svetunkov, Kourentzes and Ord, Naval Research
 * Logistics 69, 2022): one complex weight stands for level and trend together, so that no choice
 * between them is made. The starting state is found by backcasting.
 */
export function complexExponentialSmoothing(): Forecaster {
  return {
    name: "ces",
    fit(series) {
      const values = trainingValues(series);
      const count = values.length;
      if (count < MIN_SAMPLES) return insufficientHistory(MIN_SAMPLES);
      const run = new CesRecursion(values);
      const { point } = nelderMead((at) => run.squares(at), Float64Array.from(START), {
        steps: new Float64Array([0.2, 0.1]),
        maxEvaluations: MAX_EVALUATIONS,
        relativeTolerance: 1e-7,
      });
      const sigma2 = run.squares(point) / Math.max(1, count - 4);
      const residuals = Float64Array.from(run.errors);
      const { level, potential } = run;
      return gaussianFit({
        name: "CES",
        parameters: { alphaReal: point[0]!, alphaImaginary: point[1]!, sigma2 },
        residuals,
        path: (horizon) => cesPath({ level, potential, sigma2, point }, horizon),
      });
    },
  };
}

/** The state after the samples, as the paper's level and information potential. */
interface CesEnd {
  readonly level: number;
  readonly potential: number;
  readonly sigma2: number;
  readonly point: Float64Array;
}

function cesPath(end: CesEnd, horizon: number): { mean: Float64Array; variance: Float64Array } {
  const real = end.point[0]!;
  const imaginary = end.point[1]!;
  const mean = new Float64Array(horizon);
  const variance = new Float64Array(horizon);
  let { level, potential } = end;
  let levelGain = real - imaginary;
  let potentialGain = real + imaginary;
  let sum = 1;
  for (let step = 0; step < horizon; step++) {
    mean[step] = level;
    variance[step] = end.sigma2 * sum;
    [level, potential] = moved(level, potential, end.point);
    sum += levelGain * levelGain;
    [levelGain, potentialGain] = moved(levelGain, potentialGain, end.point);
  }
  return { mean, variance };
}

function moved(level: number, potential: number, point: Float64Array): [number, number] {
  return [level - (1 - point[1]!) * potential, level + (1 - point[0]!) * potential];
}

class CesRecursion {
  readonly errors: Float64Array;
  level = 0;
  potential = 0;
  private readonly values: Float64Array;

  constructor(values: Float64Array) {
    this.values = values;
    this.errors = new Float64Array(values.length);
  }

  /** Sum of squared errors of the last forward pass; `Infinity` when it is not finite. */
  squares(point: Float64Array): number {
    if (Math.abs(point[0]! - 1) > HIGHEST_PART || Math.abs(point[1]! - 1) > HIGHEST_PART) {
      return Infinity;
    }
    this.level = this.values[0]!;
    this.potential = 0;
    let squares = 0;
    for (let pass = 0; pass < BACKCAST_PASSES; pass++) {
      squares = this.pass(point, 1);
      if (pass + 1 < BACKCAST_PASSES) this.pass(point, -1);
    }
    return Number.isFinite(squares) ? squares : Infinity;
  }

  private pass(point: Float64Array, direction: 1 | -1): number {
    const { values, errors } = this;
    const count = values.length;
    const real = point[0]!;
    const imaginary = point[1]!;
    let { level, potential } = this;
    let squares = 0;
    for (let k = 0; k < count; k++) {
      const i = direction === 1 ? k : count - 1 - k;
      const error = values[i]! - level;
      const nextLevel = level - (1 - imaginary) * potential + (real - imaginary) * error;
      potential = level + (1 - real) * potential + (real + imaginary) * error;
      level = nextLevel;
      errors[i] = error;
      squares += error * error;
    }
    this.level = level;
    this.potential = potential;
    return squares;
  }
}
