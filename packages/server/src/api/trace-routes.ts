import { type Attributes, type AttributeValue, AvxError, type Span } from "@avx/model";
import type { TraceStore } from "@avx/store";
import type { FastifyInstance } from "fastify";
import type { TraceAnswer, TraceSpan, TracesAnswer } from "../contract.ts";
import { avxRange } from "./avx-routes.ts";
import { hangUpSignal } from "./hang-up-signal.ts";
import { integerParameter, invalid, requestParameters } from "./parameters.ts";

const MAX_TRACES = 500;
const DAY_MS = 86_400_000;

/** `/api/avx/traces` and `/api/avx/traces/ID`. */
export function registerTraceRoutes(
  app: FastifyInstance,
  traces: TraceStore,
  nowMs: () => number,
): void {
  app.get("/api/avx/traces", async (request, reply): Promise<TracesAnswer> => {
    const parameters = requestParameters(request);
    const search = {
      service: parameters.get("service") ?? "",
      operation: parameters.get("operation") ?? "",
      range: avxRange(parameters, nowMs()),
      minDurationMs: integerParameter(parameters, "minDurationMs", {
        min: 0,
        max: DAY_MS,
        fallback: 0,
      }),
      onlyErrors: parameters.get("errors") === "true",
      limit: integerParameter(parameters, "limit", { min: 1, max: MAX_TRACES, fallback: 50 }),
    };
    const found = await traces.search(search, hangUpSignal(reply));
    return { traces: found };
  });

  app.get<{ Params: { id: string } }>(
    "/api/avx/traces/:id",
    async (request, reply): Promise<TraceAnswer> => {
      const traceId = request.params.id.toLowerCase();
      if (!/^[0-9a-f]{32}$/.test(traceId)) throw invalid("id", "a trace id has 32 hex digits");
      const spans = await traces.trace(traceId, hangUpSignal(reply));
      if (spans.length === 0) throw new AvxError("not_found", { what: `trace ${traceId}` });
      return { traceId, spans: spans.map(traceSpan) };
    },
  );
}

function traceSpan(span: Span): TraceSpan {
  const { spanId, parentSpanId, name, kind, status, statusMessage } = span;
  return {
    spanId,
    parentSpanId,
    name,
    kind,
    status,
    statusMessage,
    service: attributeText(span.resource.attributes.get("service.name") ?? "unknown_service"),
    startMs: nanoToMs(span.startUnixNano),
    durationMs: Number(span.endUnixNano - span.startUnixNano) / 1e6,
    attributes: attributeRecord(span.attributes),
    events: span.events.map((event) => ({
      name: event.name,
      timeMs: nanoToMs(event.timeUnixNano),
    })),
  };
}

/** Keeps microseconds: nanoseconds since 1970 do not fit a double. */
function nanoToMs(nano: bigint): number {
  return Number(nano / 1000n) / 1000;
}

function attributeRecord(attributes: Attributes): Record<string, string> {
  const record: Record<string, string> = Object.create(null);
  for (const [name, value] of attributes) record[name] = attributeText(value);
  return record;
}

function attributeText(value: AttributeValue): string {
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Map) {
    return `{${[...value].map(([key, item]) => `${key}: ${attributeText(item)}`).join(", ")}}`;
  }
  return Array.isArray(value) ? `[${value.map((item) => attributeText(item)).join(", ")}]` : "";
}
