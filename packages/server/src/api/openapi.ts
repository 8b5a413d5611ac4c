import type { Operation } from "./operation.ts";
import { QUERY_OPERATIONS, RANGE } from "./query-operations.ts";
import { STATUS_OPERATIONS } from "./status-operations.ts";

const OTLP_BODY = ["application/x-protobuf", "application/json"];

const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...QUERY_OPERATIONS,
  ...STATUS_OPERATIONS,
  "/api/v1/read": {
    summary: "Prometheus remote read: raw samples, in one message or as a stream of chunks",
    tag: "query",
    methods: ["post"],
    body: ["application/x-protobuf"],
  },
  "/api/avx/services": {
    summary: "One row for each service, worst first",
    tag: "avx",
    methods: ["get"],
    parameters: RANGE,
  },
  "/api/avx/anomalies": {
    summary: "What detectors found, one event for each change, explained, newest first",
    tag: "avx",
    methods: ["get"],
    parameters: { service: "only this service", ...RANGE, limit: "1 to 1000, 200 when absent" },
  },
  "/api/avx/anomalies/{id}/feedback": {
    summary: "Says that an anomaly was expected, which raises its series' threshold, or useful",
    tag: "avx",
    methods: ["post"],
    body: ["application/json"],
  },
  "/api/avx/anomalies/stream": {
    summary: "Anomalies as they open and close, as server-sent events",
    tag: "avx",
    methods: ["get"],
  },
  "/api/avx/anomalies/held": {
    summary: "Findings that were not paged because their series was of bad quality, newest first",
    tag: "avx",
    methods: ["get"],
    parameters: { service: "only this service", ...RANGE, limit: "1 to 1000, 200 when absent" },
  },
  "/api/avx/anomalies/ribbon": {
    summary: "How unusual each service was over time: the worst score and the events of each cell",
    tag: "avx",
    methods: ["get"],
    parameters: { ...RANGE, cells: "1 to 1440, 60 when absent" },
  },
  "/api/avx/quality/services": {
    summary: "Data quality of every service in the last quarter of an hour, worst first",
    tag: "avx",
    methods: ["get"],
  },
  "/api/avx/quality": {
    summary: "Data quality of a service in the last quarter of an hour, with control charts",
    tag: "avx",
    methods: ["get"],
    parameters: { "service*": "service name" },
  },
  "/api/avx/mutes": {
    summary: "Signals whose anomalies are not shown until an end: GET lists, POST adds",
    tag: "avx",
    methods: ["get", "post"],
    body: ["application/json"],
  },
  "/api/avx/mutes/{id}": {
    summary: "Ends a mute now",
    tag: "avx",
    methods: ["delete"],
  },
  "/api/avx/events": {
    summary: "Deployments, changes of configuration, notes: GET lists, newest first, POST adds",
    tag: "avx",
    methods: ["get", "post"],
    body: ["application/json"],
    parameters: { service: "only this service", ...RANGE, limit: "1 to 1000, 200 when absent" },
  },
  "/api/avx/forecast": {
    summary:
      "Forecast with its interval, or why there is none: GET of a service's request rate, POST of any expression",
    tag: "avx",
    methods: ["get", "post"],
    body: ["application/json"],
    parameters: {
      "service*": "service name",
      steps: "1 to 1440, 30 when absent",
      stepMs: "ms, 60000 when absent",
    },
  },
  "/api/avx/capacity": {
    summary: "When resources run out, by forecast, the most pressing first",
    tag: "avx",
    methods: ["get"],
  },
  "/api/avx/documents": {
    summary: "Metric documents, oldest first",
    tag: "avx",
    methods: ["get"],
    parameters: { service: "only this service", ...RANGE, limit: "1 to 10080, 1440 when absent" },
  },
  "/api/avx/traces": {
    summary: "Recent traces, newest first",
    tag: "avx",
    methods: ["get"],
    parameters: {
      service: "a span of this service is in the trace",
      operation: "a span has this name",
      ...RANGE,
      minDurationMs: "at least so long",
      errors: "true: only traces with an error",
      limit: "1 to 500, 50 when absent",
    },
  },
  "/api/avx/traces/{id}": { summary: "All spans of a trace", tag: "avx", methods: ["get"] },
  "/v1/metrics": { summary: "OTLP metrics", tag: "ingest", methods: ["post"], body: OTLP_BODY },
  "/v1/traces": { summary: "OTLP spans", tag: "ingest", methods: ["post"], body: OTLP_BODY },
  "/v1/logs": { summary: "OTLP log records", tag: "ingest", methods: ["post"], body: OTLP_BODY },
  "/api/v1/otlp/v1/metrics": {
    summary: "OTLP metrics, at Prometheus' path",
    tag: "ingest",
    methods: ["post"],
    body: OTLP_BODY,
  },
  "/api/v1/otlp/v1/traces": {
    summary: "OTLP spans, at the path beside Prometheus'",
    tag: "ingest",
    methods: ["post"],
    body: OTLP_BODY,
  },
  "/api/v1/otlp/v1/logs": {
    summary: "OTLP log records, at the path beside Prometheus'",
    tag: "ingest",
    methods: ["post"],
    body: OTLP_BODY,
  },
  "/api/v1/write": {
    summary: "Prometheus remote write",
    tag: "ingest",
    methods: ["post"],
    body: ["application/x-protobuf"],
  },
};

/** The paths that the document describes, in Fastify's notation (`:name`). */
export const DOCUMENTED_PATHS: readonly string[] = Object.keys(OPERATIONS).map((path) =>
  path.replace(/\{(\w+)\}/g, ":$1"),
);

/** The OpenAPI document of the server, shown by Swagger UI at `/docs`. */
export function openapiDocument(version: string): Record<string, unknown> {
  const paths = Object.entries(OPERATIONS).map(([path, operation]) => [
    path,
    pathItem(path, operation),
  ]);
  return {
    openapi: "3.1.0",
    info: {
      title: "AVX Telemetry",
      version,
      description: "Prometheus' query API, OTLP and remote write ingest, and AVX's own answers.",
    },
    paths: Object.fromEntries(paths),
    components: {
      schemas: {
        Error: {
          type: "object",
          required: ["status", "errorType", "error", "code"],
          properties: {
            status: { const: "error" },
            errorType: { type: "string" },
            error: { type: "string" },
            code: { type: "string" },
          },
        },
      },
    },
  };
}

function pathItem(path: string, operation: Operation): Record<string, unknown> {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const inQuery = Object.entries(operation.parameters ?? {}).map(([name, description]) => ({
    name: name.replace("*", ""),
    in: "query",
    required: name.endsWith("*"),
    description,
    schema: { type: "string" },
  }));
  const details = (body: readonly string[] | undefined) => ({
    summary: operation.summary,
    tags: [operation.tag],
    parameters: body === undefined ? [...inPath, ...inQuery] : inPath,
    ...(body === undefined ? {} : { requestBody: requestBody(body) }),
    responses: {
      "200": { description: "success" },
      "4XX": { description: "bad request", content: errorContent() },
      "5XX": { description: "cannot answer now", content: errorContent() },
    },
  });
  return Object.fromEntries(
    operation.methods.map((method) => [
      method,
      details(method === "post" ? operation.body : undefined),
    ]),
  );
}

function requestBody(types: readonly string[]): Record<string, unknown> {
  return { required: true, content: Object.fromEntries(types.map((type) => [type, {}])) };
}

function errorContent(): Record<string, unknown> {
  return { "application/json": { schema: { $ref: "#/components/schemas/Error" } } };
}
