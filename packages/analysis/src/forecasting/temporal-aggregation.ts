import { AnalysisError } from "../analysis-error.ts";
import type { FittedModel, Forecast, Forecaster } from "./forecaster.ts";
import { insufficientHistory, trainingValues } from "./gaussian-model.ts";

/** Which means are taken, and what forecasts each of them. */
export interface AggregationOptions {
  /** Block lengths in samples, such as 1, 3, 6, 12 for months, quarters, halves and years. */
  readonly blocks: readonly number[];
  readonly inner: Forecaster;
}

/** A level of fewer blocks says nothing; the level of single samples is always used. */
const MIN_BLOCKS = 6;

/** One resolution of the series with its model. */
interface Level {
  readonly block: number;
  readonly model: FittedModel;
}

/**
 * Forecasts the series at several resolutions, as means over blocks that end with the last sample,
 * reads each forecast between block centres and averages them: noise cancels in the coarse levels,
 * which see the trend, while the fine ones see the latest change. After MAPA (Kourentzes, Petropoulos
 * and Trapero, International Journal of Forecasting 30, 2014), without its season, which is taken out
 * before. Bounds are those of the finest level, moved to the averaged mean.
 */
export function temporallyAggregated(options: AggregationOptions): Forecaster {
  const { blocks, inner } = options;
  if (!blocks.includes(1)) {
    throw new AnalysisError("invalid_parameter", { parameter: "blocks", reason: "must hold 1" });
  }
  return {
    name: `aggregated-${inner.name}`,
    fit(series) {
      const values = trainingValues(series);
      const levels = fitLevels(values, options);
      const finest = levels.find(({ block }) => block === 1);
      if (finest === undefined) return insufficientHistory(MIN_BLOCKS);
      const names = levels.map(({ block }) => block).join(", ");
      return {
        kind: "fitted",
        model: {
          name: `${finest.model.name} at blocks of ${names}`,
          parameters: finest.model.parameters,
          residuals: finest.model.residuals,
          forecast: (horizon, level) => averaged(levels, finest, { horizon, level }),
        },
      };
    },
  };
}

function fitLevels(values: Float64Array, { blocks, inner }: AggregationOptions): Level[] {
  const levels: Level[] = [];
  for (const block of blocks) {
    const count = Math.floor(values.length / block);
    if (block > 1 && count < MIN_BLOCKS) continue;
    const timestampsMs = Float64Array.from({ length: count }, (_, i) => i);
    const result = inner.fit({ timestampsMs, values: blockMeans(values, block) });
    if (result.kind === "fitted") levels.push({ block, model: result.model });
  }
  return levels;
}

function blockMeans(values: Float64Array, block: number): Float64Array {
  if (block === 1) return values;
  const count = Math.floor(values.length / block);
  const first = values.length - count * block;
  return Float64Array.from({ length: count }, (_, k) => {
    const start = first + k * block;
    return values.subarray(start, start + block).reduce((sum, value) => sum + value, 0) / block;
  });
}

function averaged(
  levels: readonly Level[],
  finest: Level,
  { horizon, level }: { horizon: number; level: number },
): Forecast {
  const mean = new Float64Array(horizon);
  for (const { block, model } of levels) {
    const path = model.forecast(Math.ceil(horizon / block) + 1, level).mean;
    for (let step = 0; step < horizon; step++) mean[step]! += readPath(path, block, step);
  }
  for (let step = 0; step < horizon; step++) mean[step]! /= levels.length;
  const fine = finest.model.forecast(horizon, level);
  return {
    mean,
    lower: fine.lower.map((bound, step) => mean[step]! + bound - fine.mean[step]!),
    upper: fine.upper.map((bound, step) => mean[step]! + bound - fine.mean[step]!),
  };
}

/** The straight line between block centres, carried on before the first one. */
function readPath(path: Float64Array, block: number, step: number): number {
  if (block === 1) return path[step]!;
  const place = (step + 0.5) / block - 0.5;
  const left = Math.max(0, Math.min(path.length - 2, Math.floor(place)));
  return path[left]! + (path[left + 1]! - path[left]!) * (place - left);
}
