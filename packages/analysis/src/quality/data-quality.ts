import { AnalysisError, requirePositive } from "../analysis-error.ts";
import type { TimeBounds, TimeSeries } from "../time-series.ts";
import { completenessOf } from "./completeness.ts";
import { consistencyOf } from "./consistency.ts";
import { type PlausibleBand, plausibleShare } from "./plausibility.ts";

/** How much each dimension counts; they sum to 1. Fixed by the product's definition of quality. */
export const QUALITY_WEIGHTS = {
  accuracy: 0.3,
  completeness: 0.25,
  consistency: 0.25,
  validity: 0.2,
} as const;

/** The overall score from which the quality standard is met. */
export const QUALITY_STANDARD = 0.95;

/** What is known about the series whose quality is asked. */
export interface QualityOptions {
  /** Regular distance of samples; the median distance when not given. */
  readonly stepMs?: number;
  /** The time that should be covered; from the first to the last sample when not given. */
  readonly bounds?: TimeBounds;
  /** Values outside cannot be, for example a ratio below 0; every finite value when not given. */
  readonly validRange?: { readonly lower: number; readonly upper: number };
  /** A counter may only rise; a gauge may do both but not jump. `gauge` by default. */
  readonly kind?: "gauge" | "counter";
  /** Where each value was expected; six robust standard deviations when not given. */
  readonly band?: PlausibleBand;
  /** When the last sample arrived, to tell how late it was. */
  readonly receivedMs?: number;
}

/** Quality by dimension, each from 0 (worst) to 1. */
export interface QualityAssessment {
  /** Share of the finite values that are plausible. */
  readonly accuracy: number;
  /** Share of the expected samples that exist. */
  readonly completeness: number;
  /** Share of the steps without a jump or a counter reset. */
  readonly consistency: number;
  /** Share of the samples that are finite and inside the valid range. */
  readonly validity: number;
  /** The sum weighted by `QUALITY_WEIGHTS`. */
  readonly overallScore: number;
  /** Whether the overall score reaches `QUALITY_STANDARD`. */
  readonly meetsStandard: boolean;
  /** Delay of the last sample, only when `receivedMs` was given. */
  readonly timelinessMs?: number;
}

/**
 * Assesses a series. Without any sample every dimension is 0: nothing supports trust in it. Throws
 * `invalid_parameter` for a step that is not positive or a range or band that fits no value.
 */
export function assessQuality(series: TimeSeries, options: QualityOptions = {}): QualityAssessment {
  const { lower, upper } = options.validRange ?? {
    lower: Number.NEGATIVE_INFINITY,
    upper: Number.POSITIVE_INFINITY,
  };
  if (options.stepMs !== undefined) requirePositive("stepMs", options.stepMs);
  if (!(lower <= upper)) {
    const reason = `no value lies between ${lower} and ${upper}`;
    throw new AnalysisError("invalid_parameter", { parameter: "validRange", reason });
  }
  const isValid = (value: number) => Number.isFinite(value) && value >= lower && value <= upper;
  const kind = options.kind ?? "gauge";
  const dimensions = {
    accuracy: plausibleShare(series, { kind, band: options.band }),
    completeness: completenessOf(series, options),
    consistency: consistencyOf(series, kind),
    validity: share(series.values, isValid),
  };
  const overallScore = weightedScore(dimensions);
  const assessment = {
    ...dimensions,
    overallScore,
    meetsStandard: overallScore >= QUALITY_STANDARD,
  };
  const lastMs = series.timestampsMs.at(-1);
  if (options.receivedMs === undefined || lastMs === undefined) return assessment;
  return { ...assessment, timelinessMs: options.receivedMs - lastMs };
}

/** The weighted sum of the four dimensions, rounded to 12 digits so that 0.95 is 0.95. */
export function weightedScore(dimensions: Record<keyof typeof QUALITY_WEIGHTS, number>): number {
  const sum =
    QUALITY_WEIGHTS.accuracy * dimensions.accuracy +
    QUALITY_WEIGHTS.completeness * dimensions.completeness +
    QUALITY_WEIGHTS.consistency * dimensions.consistency +
    QUALITY_WEIGHTS.validity * dimensions.validity;
  return Math.round(sum * 1e12) / 1e12;
}

function share(values: Float64Array, accept: (value: number) => boolean): number {
  return values.length === 0 ? 0 : values.filter(accept).length / values.length;
}
