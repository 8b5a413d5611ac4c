/** OTLP requests of spans as a busy mesh sends them. */
import type { Attributes, Span } from "@avx/model";
import { encodeOtlpTracesProtobuf } from "@avx/wire";

/** Spans of one request. */
export const SPANS_PER_REQUEST = 1000;

/** Deterministic, so that every run sends the same bytes but for the time (mulberry32). */
function randomSource(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = randomSource(1);

function hex(digits: number): string {
  let text = "";
  while (text.length < digits) text += Math.floor(random() * 16).toString(16);
  return text;
}

function resourceOf(i: number): Attributes {
  return new Map([
    ["service.name", `service-${i % 20}`],
    ["k8s.pod.name", `pod-${i % 200}`],
    ["host.name", `host-${i % 17}`],
    ["deployment.environment.name", "prod"],
  ]);
}

/** The spans of one request: those of one process, in traces of six. */
function makeSpans(request: number): Span[] {
  const resource = { attributes: resourceOf(request) };
  const scope = { name: "http", version: "1.0.0", attributes: new Map() };
  const nowNanos = BigInt(Date.now()) * 1_000_000n;
  let traceId = "";
  let parentSpanId = "";
  return Array.from({ length: SPANS_PER_REQUEST }, (_, i): Span => {
    const isRoot = i % 6 === 0;
    if (isRoot) traceId = hex(32);
    const spanId = hex(16);
    const startUnixNano = nowNanos - BigInt(Math.floor(random() * 1e9));
    const isError = i % 31 === 0;
    const span: Span = {
      ...{ traceId, spanId, parentSpanId: isRoot ? "" : parentSpanId, traceState: "" },
      ...{ name: `GET /api/v${i % 13}`, kind: "server", startUnixNano },
      endUnixNano: startUnixNano + BigInt(Math.floor(random() * 1e8)),
      attributes: new Map<string, string | number>([
        ["http.request.method", "GET"],
        ["http.response.status_code", isError ? 500 : 200],
        ["http.route", `/api/v${i % 13}`],
        ["user.id", String(Math.floor(random() * 1e6))],
        ["client.address", `10.0.${i % 250}.${i % 240}`],
      ]),
      events: isRoot
        ? [{ timeUnixNano: startUnixNano, name: "cache miss", attributes: new Map() }]
        : [],
      ...{ links: [], status: isError ? "error" : "unset", statusMessage: "", resource, scope },
    };
    parentSpanId = spanId;
    return span;
  });
}

/** A request of 1000 spans that ended within the last second; the number tells the process. */
export function spanRequest(request: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encodeOtlpTracesProtobuf(makeSpans(request)));
}
