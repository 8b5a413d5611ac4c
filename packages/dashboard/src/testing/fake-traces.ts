import type { TraceAnswer, TraceRow, TraceSpan, TracesAnswer } from "@avx/server/contract";
import type { FakeWorld } from "./fake-answers.ts";
import { seedOf, unitNoise } from "./fake-mesh.ts";

const TRACE_EVERY_MS = 7_000;
const SPANS = 14;

/** The trace that began at `startMs`. Its ID holds that moment, so that it can be made again. */
export function fakeTrace(world: FakeWorld, traceId: string): TraceAnswer | null {
  const startMs = Number.parseInt(traceId.slice(0, 12), 16);
  if (!/^[0-9a-f]{32}$/.test(traceId) || !(startMs > 0)) return null;
  const pick = (i: number) => world.services[seedOf(`${traceId} ${i}`) % world.services.length];
  const scale = 1 + 3 * Math.abs(unitNoise(`${traceId} scale`));
  const hasError = seedOf(`${traceId} error`) % 4 === 0;
  const spans: TraceSpan[] = [];
  for (let i = 0; i < SPANS; i++) {
    const parent = i === 0 ? undefined : spans[Math.floor((i - 1) / 2.2)];
    const begin = parent
      ? parent.startMs + parent.durationMs * (0.06 + 0.4 * ((i % 3) / 3))
      : startMs;
    const durationMs = parent
      ? parent.durationMs * (0.28 + 0.2 * Math.abs(unitNoise(`${traceId} d${i}`)))
      : 120 * scale;
    const isError = hasError && (i === 0 || i === 1 || i === 4);
    spans.push({
      spanId: (seedOf(`${traceId} a${i}`) * 2 ** 20 + i + 1).toString(16).padStart(16, "0"),
      parentSpanId: parent?.spanId ?? "",
      service: pick(i)?.name ?? "",
      name:
        i === 0
          ? "POST /orders"
          : (["GET /items/:id", "SELECT orders", "PUBLISH order.created"][i % 3] ?? ""),
      kind: i === 0 ? "server" : i % 3 === 1 ? "client" : "internal",
      startMs: begin,
      durationMs,
      status: isError ? "error" : "unset",
      statusMessage: isError && i === 4 ? "duplicate key value violates unique constraint" : "",
      attributes: spanAttributes(i, isError),
      events: isError && i === 4 ? [{ name: "exception", timeMs: begin + durationMs * 0.8 }] : [],
    });
  }
  return { traceId, spans };
}

function spanAttributes(index: number, isError: boolean): Record<string, string> {
  return {
    "http.request.method": "POST",
    "http.response.status_code": isError ? "500" : "200",
    "http.route": "/orders",
    "server.address": `10.0.3.${index + 4}`,
    "avx.env": "prod",
    "avx.cluster": "AVL-BR",
    "<b>key</b>": "<img src=x onerror=window.__xss=9>",
  };
}

/** `/api/avx/traces`, newest first. */
export function fakeTraces(world: FakeWorld, parameters: URLSearchParams): TracesAnswer {
  const startMs = Number(parameters.get("start")) * 1000;
  const endMs = Number(parameters.get("end")) * 1000;
  const limit = Number(parameters.get("limit") ?? 50);
  const service = parameters.get("service");
  const minDurationMs = Number(parameters.get("minDurationMs") ?? 0);
  const traces: TraceRow[] = [];
  const newestMs = Math.floor(Math.min(endMs, world.nowMs) / TRACE_EVERY_MS) * TRACE_EVERY_MS;
  for (
    let timeMs = newestMs;
    timeMs >= startMs && traces.length < limit;
    timeMs -= TRACE_EVERY_MS
  ) {
    const row = traceRow(world, timeMs);
    if (service !== null && !row.services.includes(service)) continue;
    if (row.durationMs < minDurationMs) continue;
    if (parameters.get("errors") === "true" && row.errorCount === 0) continue;
    traces.push(row);
  }
  return { traces };
}

function traceRow(world: FakeWorld, timeMs: number): TraceRow {
  const traceId =
    timeMs.toString(16).padStart(12, "0") + seedOf(String(timeMs)).toString(16).padStart(20, "0");
  const spans = fakeTrace(world, traceId)?.spans ?? [];
  const [root] = spans;
  return {
    traceId,
    rootService: root?.service ?? "",
    rootName: root?.name ?? "",
    startMs: timeMs,
    durationMs: root?.durationMs ?? 0,
    spanCount: spans.length,
    errorCount: spans.filter(({ status }) => status === "error").length,
    services: [...new Set(spans.map((span) => span.service))],
  };
}
