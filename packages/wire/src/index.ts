export { formatGoFloat } from "./go-float.ts";
export {
  encodeMetricFamilies,
  type FamilyMetric,
  METRIC_FAMILY_CONTENT_TYPE,
  type MetricFamily,
} from "./metric-family/encode-metric-families.ts";
export {
  type MetricFamilyOptions,
  parseMetricFamilies,
} from "./metric-family/parse-metric-families.ts";
export type { ColumnDecodeOptions } from "./otlp/columns/column-options.ts";
export { type DecodedLogs, LogColumnDecoder } from "./otlp/columns/log-columns.ts";
export {
  type DecodedSpans,
  SpanColumnDecoder,
  type SpanColumnLimits,
} from "./otlp/columns/span-columns.ts";
export type { DecodeOptions } from "./otlp/decode-options.ts";
export { decodeOtlpLogsJson, encodeOtlpLogsJson } from "./otlp/json-logs.ts";
export { decodeOtlpMetricsJson, encodeOtlpMetricsJson } from "./otlp/json-metrics.ts";
export { decodeOtlpTracesJson, encodeOtlpTracesJson } from "./otlp/json-traces.ts";
export type {
  OtlpBuckets,
  OtlpExemplar,
  OtlpExponentialPoint,
  OtlpHistogramPoint,
  OtlpMetric,
  OtlpMetricData,
  OtlpMetricHead,
  OtlpNumberPoint,
  OtlpPoint,
  OtlpQuantile,
  OtlpSummaryPoint,
  OtlpTemporality,
} from "./otlp/metric.ts";
export { decodeOtlpLogsProtobuf, encodeOtlpLogsProtobuf } from "./otlp/protobuf-logs.ts";
export { decodeOtlpMetricsProtobuf, encodeOtlpMetricsProtobuf } from "./otlp/protobuf-metrics.ts";
export { decodeOtlpTracesProtobuf, encodeOtlpTracesProtobuf } from "./otlp/protobuf-traces.ts";
export {
  decodeExportResponse,
  decodeRpcStatus,
  encodeExportResponse,
  encodeRpcStatus,
  type OtlpEncoding,
  type OtlpSignal,
  type PartialSuccess,
  RPC_CODES,
  type RpcStatus,
} from "./otlp/responses.ts";
export { DeltaAccumulator, type DeltaChanges } from "./prometheus-names/delta-accumulator.ts";
export { prometheusLabelName } from "./prometheus-names/label-names.ts";
export { type MetricNaming, prometheusMetricName } from "./prometheus-names/metric-name.ts";
export { PointLabelCache } from "./prometheus-names/point-label-cache.ts";
export { PROMOTED_ATTRIBUTES } from "./prometheus-names/resource-labels.ts";
export {
  type OtlpNamingOptions,
  otlpToPrometheus,
  type PointFault,
  type PrometheusSeries,
} from "./prometheus-names/to-series.ts";
export { ProtoFamilyWriter } from "./proto-exposition/family-writer.ts";
export type {
  ProtoBucket,
  ProtoExemplar,
  ProtoFamilyHead,
  ProtoMetric,
  ProtoMetricData,
} from "./proto-exposition/proto-metric.ts";
export { decodeReadRequest, type ReadQuery, type ReadRequest } from "./remote-read/read-request.ts";
export { encodeReadFrames, encodeReadResponse } from "./remote-read/read-response.ts";
export { pickSamples } from "./remote-write/column-builder.ts";
export { decodeWriteRequest } from "./remote-write/decode-v1.ts";
export { decodeWriteRequestV2 } from "./remote-write/decode-v2.ts";
export { encodeWriteRequest, type WriteRequestContent } from "./remote-write/encode-v1.ts";
export { LabelCache } from "./remote-write/label-cache.ts";
export type { RemoteWriteFault, RemoteWriteRequest } from "./remote-write/remote-write.ts";
export { snappyDecode } from "./remote-write/snappy-decode.ts";
export { snappyEncode } from "./remote-write/snappy-encode.ts";
export type {
  Exposition,
  ExpositionExemplar,
  ExpositionSample,
} from "./text-exposition/exposition.ts";
export { parseOpenMetrics } from "./text-exposition/parse-open-metrics.ts";
export { parseTextExposition } from "./text-exposition/parse-text.ts";
export {
  type ExpositionFamily,
  OPEN_METRICS_CONTENT_TYPE,
  TEXT_CONTENT_TYPE,
  writeOpenMetrics,
  writeTextExposition,
} from "./text-exposition/write.ts";
