export type { Attributes, AttributeValue } from "./attributes.ts";
export { AVX_CONTEXT_PARTS, type AvxContext } from "./avx-context.ts";
export { AvxError, ERROR_TABLE, type ErrorCode, type ErrorFacts } from "./avx-error.ts";
export type { Exemplar } from "./exemplar.ts";
export {
  compareLabels,
  dropLabels,
  EMPTY_LABELS,
  keepLabels,
  type Labels,
  labelsFromPairs,
  labelsFromRecord,
  labelsFromSorted,
  labelsKey,
  labelsToRecord,
  labelValue,
  METRIC_NAME,
  withLabel,
} from "./labels.ts";
export type { LogRecord } from "./log-record.ts";
export type { Matcher, MatchOp } from "./matcher.ts";
export type {
  DocumentAnomaly,
  DocumentForecast,
  DocumentQuality,
  MetricDocument,
} from "./metric-document.ts";
export type { MetricMetadata, MetricType } from "./metric-metadata.ts";
export {
  type BucketSpan,
  type CounterResetHint,
  CUSTOM_BUCKETS_SCHEMA,
  type NativeHistogram,
} from "./native-histogram.ts";
export type {
  LogColumns,
  PackedAttributes,
  PackedChoices,
  PackedGroup,
  PackedRecords,
  PackedTexts,
  SpanColumns,
} from "./packed-records.ts";
export type { Resource, Scope } from "./resource.ts";
export type { LabelledSeries, PackedSeries, SampleColumns, TimeRange } from "./series.ts";
export { serviceLabel, serviceOf } from "./service-label.ts";
export type { Span, SpanEvent, SpanKind, SpanLink, SpanLosses, SpanStatus } from "./span.ts";
export { isStaleAt, setStaleAt } from "./stale-marker.ts";
