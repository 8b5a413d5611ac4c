import {
  type AttributeValue,
  type LabelledSeries,
  type LogRecord,
  labelsFromRecord,
  type MetricDocument,
  type Span,
} from "@avx/model";
import type { MetricBatch, Store } from "../store.ts";

/** 2026-11-24 00:00 UTC, the start of a 2-hour block. */
export const T0 = Date.UTC(2026, 10, 24);

/** A signal that never fires. */
export const NEVER = new AbortController().signal;

/** One series from pairs of time and value. */
export function seriesOf(
  labels: Readonly<Record<string, string>>,
  samples: readonly (readonly [number, number])[],
): LabelledSeries {
  return {
    labels: labelsFromRecord(labels),
    timestampsMs: Float64Array.from(samples, ([timeMs]) => timeMs),
    values: Float64Array.from(samples, ([, value]) => value),
  };
}

export function batchOf(...series: LabelledSeries[]): MetricBatch {
  return { series, metadata: [], exemplars: [] };
}

/** Bit patterns, so that NaNs and zeros compare by what they really are. */
export function bitsOf(values: Float64Array): string[] {
  const copy = values.slice();
  return [...new BigUint64Array(copy.buffer)].map((bits) => bits.toString(16));
}

/** Values with the given bit patterns. */
export function valuesOfBits(bits: readonly bigint[]): Float64Array {
  return new Float64Array(BigUint64Array.from(bits).buffer);
}

/** All series of a metric, with all their samples. */
export function readMetric(store: Store, name: string): Promise<readonly LabelledSeries[]> {
  const range = { startMs: -1e14, endMs: 1e14 };
  return store.metrics.select([{ name: "__name__", op: "=", value: name }], range, NEVER);
}

export function attributesOf(record: Readonly<Record<string, AttributeValue>>) {
  return new Map(Object.entries(record));
}

/** A span of service `service`, with what the arguments do not say filled in. */
export function spanOf(service: string, given: Partial<Span>): Span {
  return {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    parentSpanId: "",
    traceState: "",
    name: "GET /",
    kind: "server",
    startUnixNano: BigInt(T0) * 1_000_000n,
    endUnixNano: BigInt(T0 + 10) * 1_000_000n,
    attributes: new Map(),
    events: [],
    links: [],
    status: "unset",
    statusMessage: "",
    resource: { attributes: attributesOf({ "service.name": service }) },
    scope: { name: "http", version: "1.0", attributes: new Map() },
    ...given,
  };
}

/** A log record of service `service`, with what the arguments do not say filled in. */
export function recordOf(service: string, given: Partial<LogRecord>): LogRecord {
  return {
    timeUnixNano: BigInt(T0) * 1_000_000n + 1n,
    observedUnixNano: BigInt(T0) * 1_000_000n + 2n,
    severityNumber: 9,
    severityText: "INFO",
    body: "hello",
    attributes: new Map(),
    traceId: "",
    spanId: "",
    eventName: "",
    resource: { attributes: attributesOf({ "service.name": service }) },
    scope: { name: "", version: "", attributes: new Map() },
    ...given,
  };
}

export function documentOf(service: string, minute: number, meanMs: number): MetricDocument {
  const timestamp = new Date(T0 + minute * 60_000).toISOString();
  return {
    id: `metric-${service}-${minute}`,
    service,
    timestamp,
    context: { stack: "Avx", layer: "deep", env: "prod", cluster: "AVL-BR", mesh: "internal" },
    metrics: {
      latency: { mean_ms: meanMs, p50_ms: 1, p95_ms: 2, p99_ms: 3, max_ms: null },
      traffic: { requests_per_second: 1, bytes_per_second: null, active_connections: 2 },
      errors: { error_rate: 0, total_errors: 0, error_budget_remaining: 1 },
      anomalies: [],
      quality: null,
    },
  };
}

/** Text that broke stores before: ends of data, quotes, control bytes, other scripts. */
export const HOSTILE_TEXTS: readonly string[] = [
  "\n\nDROP TABLE avx.chunks;",
  "'; DROP TABLE avx.series; --",
  "a\n\n\nb",
  "\r\n\r\n",
  "\\",
  "\\'\\\"`",
  "{name:String}",
  "%s %d {{y}}",
  "\u0000\u0001\u0002\u0007\u001b\u007f",
  "\ufeff\u2028\u2029",
  "__proto__",
  "constructor",
  "naïve ação 日本語 🦩",
  Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join(""),
  "x".repeat(4096),
];
