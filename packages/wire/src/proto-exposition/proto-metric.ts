/** An observation that points at a trace. */
export interface ProtoExemplar {
  /** Names and values alternating. */
  readonly labels: readonly string[];
  readonly value: number;
  readonly timestampMs: number;
}

/** A classic bucket. */
export interface ProtoBucket {
  /** Inclusive; the last one is +Inf. */
  readonly upperBound: number;
  readonly cumulativeCount: number;
  readonly exemplar?: ProtoExemplar | undefined;
}

/** Buckets of a native histogram of a standard schema (-4 to 8), positive values only. */
export interface ProtoNativeBuckets {
  readonly schema: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  /** Prometheus' index of counts[0]: its upper bound is 2^(offset * 2^-schema). */
  readonly offset: number;
  /** Not cumulative, without gaps. */
  readonly counts: ArrayLike<number>;
}

/** What one series holds. */
export type ProtoMetricData =
  | { readonly kind: "counter"; readonly value: number }
  | { readonly kind: "gauge"; readonly value: number }
  | {
      readonly kind: "histogram";
      readonly count: number;
      readonly sum: number;
      readonly buckets: readonly ProtoBucket[];
      readonly native?: ProtoNativeBuckets | undefined;
      /** Of the native buckets; classic ones carry their own. */
      readonly exemplars?: readonly ProtoExemplar[];
    };

/** One series of a family. */
export interface ProtoMetric {
  /** Names and values alternating, without the metric name. */
  readonly labels: readonly string[];
  /** Unix time from which a counter or histogram counts. */
  readonly startMs: number;
  readonly data: ProtoMetricData;
}

/** What all series of a family have in common. */
export interface ProtoFamilyHead {
  /** As it is queried: a counter's ends with `_total`. */
  readonly name: string;
  readonly help: string;
  /** "" when it has none. */
  readonly unit: string;
  readonly kind: ProtoMetricData["kind"];
}
