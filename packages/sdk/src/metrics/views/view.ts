/** What an instrument is, as far as views tell. */
export type ViewInstrumentKind =
  | "counter"
  | "updowncounter"
  | "gauge"
  | "histogram"
  | "observable-counter"
  | "observable-updowncounter"
  | "observable-gauge";

/** How measurements are put together. What does not fit the instrument leaves it as it is. */
export type ViewAggregation =
  | { readonly kind: "drop" }
  /** Of a histogram only its sum, as a counter. */
  | { readonly kind: "sum" }
  /** Of a histogram; boundaries ascending, those of the instrument when absent. */
  | { readonly kind: "explicit-histogram"; readonly boundaries?: readonly number[] }
  /** Of a histogram; at most 160 buckets and scale 3 when absent, and no finer scale than that. */
  | {
      readonly kind: "exponential-histogram";
      readonly maxBuckets?: number;
      readonly maxScale?: number;
    };

/**
 * Changes the metrics of some instruments. At least one of the first five members must be set, and
 * all that are set must match. An instrument that several views match becomes a metric by each.
 * https://opentelemetry.io/docs/specs/otel/metrics/sdk/#view
 */
export interface View {
  /** `*` stands for any characters, `?` for one. Case does not count. */
  readonly instrumentName?: string;
  readonly instrumentKind?: ViewInstrumentKind;
  readonly instrumentUnit?: string;
  readonly meterName?: string;
  readonly meterVersion?: string;
  /** The new name; not allowed for a selector with wildcards. */
  readonly name?: string;
  readonly description?: string;
  /** The attributes that are kept; all when absent. */
  readonly attributeKeys?: readonly string[];
  readonly aggregation?: ViewAggregation;
  /** Attribute sets, the overflow series included; 2000 when absent. */
  readonly cardinalityLimit?: number;
}
