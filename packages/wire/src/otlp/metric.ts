import type { Attributes, Resource, Scope } from "@avx/model";

/**
 * OTLP metrics in a neutral form, the same for protobuf and JSON. Times are Unix nanoseconds
 * (0n = not set). 64-bit counts and integer values are numbers: beyond 2^53 the nearest double,
 * which is also the form in which every sample is stored.
 */
export type OtlpMetric = OtlpMetricHead & OtlpMetricData;

/** What every kind of metric has. */
export interface OtlpMetricHead {
  readonly name: string;
  readonly description: string;
  /** UCUM unit as sent, "" = none. */
  readonly unit: string;
  /** The same object for all metrics of one resource; encoders group by identity. */
  readonly resource: Resource;
  /** The same object for all metrics of one scope. */
  readonly scope: Scope;
}

/** The points of a metric, by its kind. */
export type OtlpMetricData =
  | { readonly kind: "gauge"; readonly points: readonly OtlpNumberPoint[] }
  | {
      readonly kind: "sum";
      readonly temporality: OtlpTemporality;
      readonly isMonotonic: boolean;
      readonly points: readonly OtlpNumberPoint[];
    }
  | {
      readonly kind: "histogram";
      readonly temporality: OtlpTemporality;
      readonly points: readonly OtlpHistogramPoint[];
    }
  | {
      readonly kind: "exponential-histogram";
      readonly temporality: OtlpTemporality;
      readonly points: readonly OtlpExponentialPoint[];
    }
  | { readonly kind: "summary"; readonly points: readonly OtlpSummaryPoint[] };

/** Whether values count from the start of the series or from the previous point. */
export type OtlpTemporality = "unspecified" | "delta" | "cumulative";

/** What every kind of data point has. */
export interface OtlpPoint {
  readonly attributes: Attributes;
  readonly startUnixNano: bigint;
  readonly timeUnixNano: bigint;
  /** The "no recorded value" flag: the series ended, its values mean nothing. */
  readonly noRecordedValue: boolean;
}

/** One value of a gauge or a sum. */
export interface OtlpNumberPoint extends OtlpPoint {
  readonly value: number;
  /** Whether the value travels as `as_int`. */
  readonly isInteger: boolean;
  readonly exemplars: readonly OtlpExemplar[];
}

/** One histogram with explicit bounds. */
export interface OtlpHistogramPoint extends OtlpPoint {
  readonly count: number;
  /** Absent when negative observations are possible. */
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
  /** Not cumulated; one more than `explicitBounds`, or empty. */
  readonly bucketCounts: Float64Array;
  /** Inclusive upper bounds, ascending, without +Inf. */
  readonly explicitBounds: Float64Array;
  readonly exemplars: readonly OtlpExemplar[];
}

/** Dense buckets: count i belongs to (base^(offset+i), base^(offset+i+1)], base = 2^(2^-scale). */
export interface OtlpBuckets {
  readonly offset: number;
  readonly counts: Float64Array;
}

/** One histogram with exponential buckets. */
export interface OtlpExponentialPoint extends OtlpPoint {
  readonly count: number;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
  readonly scale: number;
  readonly zeroCount: number;
  readonly zeroThreshold: number;
  readonly positive: OtlpBuckets;
  readonly negative: OtlpBuckets;
  readonly exemplars: readonly OtlpExemplar[];
}

/** One summary: quantiles that the sender computed. */
export interface OtlpSummaryPoint extends OtlpPoint {
  readonly count: number;
  readonly sum: number;
  readonly quantiles: readonly OtlpQuantile[];
}

/** One quantile of a summary. */
export interface OtlpQuantile {
  /** 0..1. */
  readonly quantile: number;
  readonly value: number;
}

/** One example observation, usually with the trace that it belongs to. */
export interface OtlpExemplar {
  /** Attributes of the observation that the point's own attributes do not have. */
  readonly attributes: Attributes;
  readonly timeUnixNano: bigint;
  readonly value: number;
  readonly isInteger: boolean;
  /** Lower-case hex or "". */
  readonly traceId: string;
  readonly spanId: string;
}

/** Attributes of an item that has none; one object, because an empty Map takes 200 bytes. */
export const NO_ATTRIBUTES: Attributes = new Map();
/** The resource of a group that names none. */
export const EMPTY_RESOURCE: Resource = { attributes: NO_ATTRIBUTES };
/** The scope of a group that names none. */
export const EMPTY_SCOPE: Scope = { name: "", version: "", attributes: NO_ATTRIBUTES };
/** Aggregation temporality by its number in OTLP. */
export const TEMPORALITIES: readonly [OtlpTemporality, ...OtlpTemporality[]] = [
  "unspecified",
  "delta",
  "cumulative",
];
/** Bit of `flags` that says "no recorded value". */
export const NO_RECORDED_VALUE_FLAG = 1;
