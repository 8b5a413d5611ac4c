import protobuf from "protobufjs";

/**
 * For tests: the requests of traces and logs by the field numbers of opentelemetry-proto 1.x
 * (trace/v1/trace.proto, logs/v1/logs.proto, common/v1/common.proto, resource/v1/resource.proto), read
 * by protobufjs, which knows nothing of our own reader and writer.
 */
const PROTO = `
syntax = "proto3";
message AnyValue { oneof value {
  string stringValue = 1; bool boolValue = 2; int64 intValue = 3; double doubleValue = 4;
  ArrayValue arrayValue = 5; KeyValueList kvlistValue = 6; bytes bytesValue = 7; } }
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
message KeyValue { string key = 1; AnyValue value = 2; }
message Resource { repeated KeyValue attributes = 1; uint32 droppedAttributesCount = 2; }
message Scope { string name = 1; string version = 2; repeated KeyValue attributes = 3;
  uint32 droppedAttributesCount = 4; }
message Status { string message = 2; int32 code = 3; }
message Event { fixed64 timeUnixNano = 1; string name = 2; repeated KeyValue attributes = 3;
  uint32 droppedAttributesCount = 4; }
message Link { bytes traceId = 1; bytes spanId = 2; string traceState = 3;
  repeated KeyValue attributes = 4; uint32 droppedAttributesCount = 5; fixed32 flags = 6; }
message Span { bytes traceId = 1; bytes spanId = 2; string traceState = 3; bytes parentSpanId = 4;
  string name = 5; int32 kind = 6; fixed64 startTimeUnixNano = 7; fixed64 endTimeUnixNano = 8;
  repeated KeyValue attributes = 9; uint32 droppedAttributesCount = 10; repeated Event events = 11;
  uint32 droppedEventsCount = 12; repeated Link links = 13; uint32 droppedLinksCount = 14;
  Status status = 15; fixed32 flags = 16; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; string schemaUrl = 3; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scopeSpans = 2;
  string schemaUrl = 3; }
message Traces { repeated ResourceSpans resourceSpans = 1; }
message LogRecord { fixed64 timeUnixNano = 1; int32 severityNumber = 2; string severityText = 3;
  AnyValue body = 5; repeated KeyValue attributes = 6; uint32 droppedAttributesCount = 7;
  fixed32 flags = 8; bytes traceId = 9; bytes spanId = 10; fixed64 observedTimeUnixNano = 11;
  string eventName = 12; }
message ScopeLogs { Scope scope = 1; repeated LogRecord logRecords = 2; string schemaUrl = 3; }
message ResourceLogs { Resource resource = 1; repeated ScopeLogs scopeLogs = 2;
  string schemaUrl = 3; }
message Logs { repeated ResourceLogs resourceLogs = 1; }
`;

const { root } = protobuf.parse(PROTO, { keepCase: true });
const IDS = new Set(["traceId", "spanId", "parentSpanId"]);

/** A request as OTLP's JSON would show it: ids in hexadecimal, 64-bit numbers as texts. */
export function readOtlp(message: "Traces" | "Logs", bytes: Uint8Array): unknown {
  const type = root.lookupType(message);
  const plain = type.toObject(type.decode(bytes), { longs: String, bytes: String });
  return JSON.parse(JSON.stringify(plain), (key, value) =>
    IDS.has(key) ? Buffer.from(value, "base64").toString("hex") : value,
  );
}
