import { quantile } from "../statistics/quantile.ts";
import type { FitResult, Forecaster } from "./forecaster.ts";
import { trainingValues } from "./gaussian-model.ts";

/** Zeros are lifted by this share of the median, so that their logarithm stays near the others. */
const OFFSET_SHARE = 0.05;

/**
 * Fits the logarithm and answers its exponential, so that the forecast is a median and the bounds are
 * never below 0. Values near or at 0 are lifted by a share of the median first. With a value below 0,
 * or a median of 0, the series is left as it is.
 */
export function logTransformed(inner: Forecaster): Forecaster {
  return {
    name: `log-${inner.name}`,
    fit(series) {
      const values = trainingValues(series);
      const offset = logOffset(values);
      if (offset === undefined) return inner.fit(series);
      const logs = logarithms(values, offset);
      return exponentiated(inner.fit({ ...series, values: logs }), { values, logs, offset });
    },
  };
}

/** What to add before the logarithm; `undefined` when no logarithm suits. */
export function logOffset(values: Float64Array): number | undefined {
  if (values.length === 0) return undefined;
  const lowest = values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  const middle = quantile(values, 0.5);
  if (lowest < 0 || !(middle > 0)) return undefined;
  return lowest > OFFSET_SHARE * middle ? 0 : OFFSET_SHARE * middle;
}

/** The logarithms of the lifted values. */
export function logarithms(values: Float64Array, offset: number): Float64Array {
  return values.map((value) => Math.log(value + offset));
}

interface Logs {
  readonly values: Float64Array;
  readonly logs: Float64Array;
  readonly offset: number;
}

function exponentiated(result: FitResult, { values, logs, offset }: Logs): FitResult {
  if (result.kind !== "fitted") return result;
  const { model } = result;
  const back = (part: Float64Array): Float64Array =>
    part.map((value) => Math.max(0, Math.exp(value) - offset));
  return {
    kind: "fitted",
    model: {
      name: `log ${model.name}`,
      parameters: model.parameters,
      residuals: model.residuals.map(
        (residual, i) => values[i]! - (Math.exp(logs[i]! - residual) - offset),
      ),
      forecast(horizon, level) {
        const { mean, lower, upper } = model.forecast(horizon, level);
        return { mean: back(mean), lower: back(lower), upper: back(upper) };
      },
    },
  };
}
