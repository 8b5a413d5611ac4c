import {
  encodeOtlpLogsJson,
  encodeOtlpLogsProtobuf,
  encodeOtlpMetricsJson,
  encodeOtlpMetricsProtobuf,
  encodeOtlpTracesJson,
  encodeOtlpTracesProtobuf,
} from "@avx/wire";

/** The writer of each signal in each form of `OTEL_EXPORTER_OTLP_PROTOCOL`. */
export const OTLP_ENCODERS = {
  metrics: { protobuf: encodeOtlpMetricsProtobuf, json: encodeOtlpMetricsJson },
  traces: { protobuf: encodeOtlpTracesProtobuf, json: encodeOtlpTracesJson },
  logs: { protobuf: encodeOtlpLogsProtobuf, json: encodeOtlpLogsJson },
} as const;
