import { AnalysisError } from "../analysis-error.ts";
import type { Forecaster } from "./forecaster.ts";
import { gaussianFit, insufficientHistory, meanSquare, trainingValues } from "./gaussian-model.ts";
import { designReach, type LagDesign, LagFeatures } from "./regression/lag-features.ts";
import { RidgeRegression } from "./regression/ridge.ts";

/** Rows that the regression needs for each coefficient. */
const ROWS_PER_COEFFICIENT = 3;
/** Forecasts stay within the training range widened by this share: iterated lags can run away. */
const CLAMP_RANGES = 0.5;

/**
 * A ridge regression of the change from an anchor (last sample, or same phase of the last season) on
 * past changes, levels and mean profiles, iterated over the horizon. Shrinking every coefficient to 0
 * gives the (seasonal) naive, so it departs from it only as far as the data say: a long
 * autoregression with the prior of the Minnesota school (Doan, Litterman and Sims 1984).
 */
export function lagRegression(design: LagDesign): Forecaster {
  if (!(design.anchor >= 1)) {
    throw new AnalysisError("invalid_parameter", { parameter: "anchor", reason: "at least 1" });
  }
  const size = design.changes.length + design.levels.length + design.profiles.length;
  const needed = designReach(design) + ROWS_PER_COEFFICIENT * size;
  return {
    name: `lag-regression-${design.anchor}`,
    fit(series) {
      const values = trainingValues(series);
      if (values.length < needed) return insufficientHistory(needed);
      const { coefficients, residuals } = learn(values, design);
      const sigma2 = meanSquare(residuals, size);
      return gaussianFit({
        name: `Lag regression on ${design.anchor}`,
        parameters: { sigma2 },
        residuals,
        path: (horizon) => ({
          mean: iterate(values, { design, coefficients }, horizon),
          variance: Float64Array.from(
            { length: horizon },
            (_, step) => sigma2 * (1 + Math.min(step, design.anchor) / 2),
          ),
        }),
      });
    },
  };
}

function learn(
  values: Float64Array,
  design: LagDesign,
): { coefficients: Float64Array; residuals: Float64Array } {
  const features = new LagFeatures(design, values, values.length);
  const { reach, size } = features;
  const regression = new RidgeRegression(size);
  // Every row is needed twice, and costs more to fill than to keep.
  const rows = new Float64Array((values.length - reach) * size);
  for (let t = reach; t < values.length; t++) {
    const row = rows.subarray((t - reach) * size, (t - reach + 1) * size);
    features.fill(row, t, true);
    regression.add(row, values[t]! - values[t - design.anchor]!);
  }
  const coefficients = regression.solve();
  const residuals = new Float64Array(values.length).fill(Number.NaN);
  for (let t = reach; t < values.length; t++) {
    let explained = values[t - design.anchor]!;
    const start = (t - reach) * size;
    for (let i = 0; i < size; i++) explained += rows[start + i]! * coefficients[i]!;
    residuals[t] = values[t]! - explained;
  }
  return { coefficients, residuals };
}

function iterate(
  values: Float64Array,
  { design, coefficients }: { design: LagDesign; coefficients: Float64Array },
  horizon: number,
): Float64Array {
  const history = new Float64Array(values.length + horizon);
  history.set(values);
  const features = new LagFeatures(design, history, values.length);
  const row = new Float64Array(features.size);
  const { low, high } = widenedRange(values);
  for (let t = values.length; t < history.length; t++) {
    features.fill(row, t, false);
    const forecast = history[t - design.anchor]! + dot(row, coefficients);
    history[t] = Math.min(high, Math.max(low, forecast));
  }
  return history.slice(values.length);
}

function widenedRange(values: Float64Array): { low: number; high: number } {
  let low = values[0]!;
  let high = low;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const room = CLAMP_RANGES * (high - low);
  return { low: low - room, high: high + room };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
