import { requireInteger } from "../analysis-error.ts";
import { median } from "../statistics/quantile.ts";
import type { FitResult, Forecaster } from "./forecaster.ts";
import { insufficientHistory, trainingValues } from "./gaussian-model.ts";

/** The season, how its shape is learnt, and the model of the levels. */
export interface LevelShapeOptions {
  readonly seasonSamples: number;
  /** Newest seasons that make up the shape. */
  readonly shapeSeasons: number;
  /** Seasons after which the shape repeats: 7 for the days of a week, 1 (default) for one shape. */
  readonly shapeCycle?: number;
  /** Forecasts the level of the next seasons from the levels of the past ones. */
  readonly inner: Forecaster;
}

/** Seasons that a level model needs to say more than the last level. */
const MIN_SEASONS = 4;
/** Weight of the shape of all seasons beside those of the same place in the cycle, in seasons. */
const POOLED_SEASONS = 2;

/**
 * Level times shape, after FLAIR (Takato Honda, arXiv 2605.07222): the series is cut into seasons;
 * each has a level, its mean, and a shape, the samples relative to it. The newest shapes are averaged
 * (here by medians, which an outage does not move), the levels, a short and smooth series, are
 * forecast by `inner`, and both are multiplied. Values below 0 make the shape a difference.
 */
export function levelShape(options: LevelShapeOptions): Forecaster {
  const { seasonSamples, inner } = options;
  requireInteger("seasonSamples", seasonSamples, 2);
  const needed = MIN_SEASONS * seasonSamples;
  return {
    name: `level-shape-${inner.name}`,
    fit(series) {
      const values = trainingValues(series);
      if (values.length < needed) return insufficientHistory(needed);
      const seasons = cutSeasons(values, seasonSamples);
      const isRatio = seasons.every(({ level }) => level > 0) && values.every((v) => v >= 0);
      const levels = Float64Array.from(seasons, ({ level }) => level);
      const timestampsMs = Float64Array.from(levels, (_, i) => i);
      const result = inner.fit({ timestampsMs, values: levels });
      const shapes = learnShapes(seasons, { ...options, isRatio });
      return shaped(result, { shapes, isRatio, values });
    },
  };
}

interface Season {
  readonly level: number;
  readonly values: Float64Array;
}

/** Whole seasons, the newest ending with the last sample; a rest at the start is left out. */
function cutSeasons(values: Float64Array, seasonSamples: number): Season[] {
  const count = Math.floor(values.length / seasonSamples);
  const first = values.length - count * seasonSamples;
  return Array.from({ length: count }, (_, k) => {
    const start = first + k * seasonSamples;
    const part = values.subarray(start, start + seasonSamples);
    return { level: part.reduce((sum, value) => sum + value, 0) / seasonSamples, values: part };
  });
}

/** One shape for each place in the cycle, the place of the next season first. */
function learnShapes(
  seasons: readonly Season[],
  options: LevelShapeOptions & { readonly isRatio: boolean },
): Float64Array[] {
  const { shapeCycle = 1, shapeSeasons, seasonSamples, isRatio } = options;
  const newest = seasons.slice(-shapeSeasons);
  const pooled = medianShape(newest, isRatio);
  return Array.from({ length: shapeCycle }, (_, place) => {
    const same = seasons.filter(
      (_, k) => (seasons.length - k) % shapeCycle === (shapeCycle - place) % shapeCycle,
    );
    if (shapeCycle === 1 || same.length === 0) return pooled;
    const own = medianShape(same.slice(-shapeSeasons), isRatio);
    const weight = same.length / (same.length + POOLED_SEASONS);
    return Float64Array.from({ length: seasonSamples }, (_, i) => {
      return weight * own[i]! + (1 - weight) * pooled[i]!;
    });
  });
}

function medianShape(seasons: readonly Season[], isRatio: boolean): Float64Array {
  const length = seasons[0]?.values.length ?? 0;
  return Float64Array.from({ length }, (_, i) =>
    median(
      Float64Array.from(seasons, ({ level, values }) => {
        return isRatio ? values[i]! / level : values[i]! - level;
      }),
    ),
  );
}

interface Shaping {
  readonly shapes: readonly Float64Array[];
  readonly isRatio: boolean;
  readonly values: Float64Array;
}

function shaped(result: FitResult, { shapes, isRatio, values }: Shaping): FitResult {
  if (result.kind !== "fitted") return result;
  const { model } = result;
  const period = shapes[0]!.length;
  const spread = (levels: Float64Array, horizon: number): Float64Array =>
    Float64Array.from({ length: horizon }, (_, step) => {
      const season = Math.floor(step / period);
      const shape = shapes[season % shapes.length]![step % period]!;
      return isRatio ? levels[season]! * shape : levels[season]! + shape;
    });
  return {
    kind: "fitted",
    model: {
      name: `Level (${model.name}) × shape [${period}]`,
      parameters: model.parameters,
      residuals: new Float64Array(values.length).fill(Number.NaN),
      forecast(horizon, level) {
        const { mean, lower, upper } = model.forecast(Math.ceil(horizon / period), level);
        return {
          mean: spread(mean, horizon),
          lower: spread(lower, horizon),
          upper: spread(upper, horizon),
        };
      },
    },
  };
}
