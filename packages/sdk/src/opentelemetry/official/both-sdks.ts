import type { Meter, Tracer } from "@opentelemetry/api";
import type { Logger } from "@opentelemetry/api-logs";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { LoggerProvider, type ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { AggregationType, MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { initTelemetry } from "../../init-telemetry.ts";
import { OtlpSink } from "../../testing/otlp-sink.ts";
import { plainOtlp } from "./plain-otlp.ts";

/**
 * The oracle is OpenTelemetry's own SDK with its otlp-transformer: the same calls are made on its
 * providers and on ours, and what would be sent must mean the same.
 */
export interface Api {
  readonly meter: Meter;
  readonly tracer: Tracer;
  readonly logger: Logger;
}

/** The scope of what is compared. */
export const SCOPE = "conformance";
const VERSION = "1.2.3";
const RESOURCE = { "service.name": "shop", "service.instance.id": "one" };

/** The limits under which both record. */
export interface Limits {
  readonly spanAttributes: number;
  readonly events: number;
  readonly links: number;
  readonly eventAttributes: number;
  readonly linkAttributes: number;
  readonly logAttributes: number;
  readonly valueLength: number;
}

function limitVariables(limits: Limits | undefined): Record<string, string> {
  if (limits === undefined) return {};
  return {
    OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: String(limits.spanAttributes),
    OTEL_SPAN_EVENT_COUNT_LIMIT: String(limits.events),
    OTEL_SPAN_LINK_COUNT_LIMIT: String(limits.links),
    OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: String(limits.eventAttributes),
    OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: String(limits.linkAttributes),
    OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: String(limits.logAttributes),
    OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: String(limits.valueLength),
  };
}

/** What our SDK sends after `work`, by signal. */
export async function ours(
  work: (api: Api) => void,
  protocol: "http/protobuf" | "http/json",
  limits?: Limits,
) {
  const sink = new OtlpSink();
  const telemetry = initTelemetry({
    serviceName: RESOURCE["service.name"],
    instanceId: RESOURCE["service.instance.id"],
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: await sink.listen(),
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      AVX_LOG: "off",
      ...limitVariables(limits),
    },
    runtimeMetrics: false,
  });
  const meter = telemetry.registry.getMeter(SCOPE, VERSION);
  // What asks for exponential buckets by a view elsewhere has an instrument of its own here.
  const createHistogram: Meter["createHistogram"] = (name, options) =>
    name === "sizes"
      ? meter.createExponentialHistogram(name, options)
      : meter.createHistogram(name, options);
  const api: Meter = new Proxy(meter, {
    get: (target, name) => {
      if (name === "createHistogram") return createHistogram;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const logger = telemetry.getLogger(SCOPE, VERSION);
  work({ meter: api, tracer: telemetry.getTracer(SCOPE, VERSION), logger });
  await telemetry.shutdown();
  await sink.close();
  const body = (path: string) =>
    sink.requests.find((request) => request.path === path)?.body ?? Buffer.alloc(0);
  return { metrics: body("/v1/metrics"), traces: body("/v1/traces"), logs: body("/v1/logs") };
}

function officialSpanLimits(limits: Limits) {
  return {
    attributeCountLimit: limits.spanAttributes,
    eventCountLimit: limits.events,
    linkCountLimit: limits.links,
    attributePerEventCountLimit: limits.eventAttributes,
    attributePerLinkCountLimit: limits.linkAttributes,
    attributeValueLengthLimit: limits.valueLength,
  };
}

class Reader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

/** What the official SDK has collected after `work`, for its serializers. */
export async function theirs(work: (api: Api) => void, limits?: Limits) {
  const resource = resourceFromAttributes(RESOURCE);
  const reader = new Reader();
  const aggregation = { type: AggregationType.EXPONENTIAL_HISTOGRAM } as const;
  const views = [{ instrumentName: "sizes", aggregation }];
  const meters = new MeterProvider({ resource, readers: [reader], views });
  const spans = new InMemorySpanExporter();
  const spanProcessors = [new SimpleSpanProcessor({ exporter: spans })];
  const spanLimits = limits === undefined ? {} : officialSpanLimits(limits);
  const tracers = new TracerProvider({ resource, spanProcessors, spanLimits });
  const records: ReadableLogRecord[] = [];
  const onEmit = (record: ReadableLogRecord) => void records.push(record);
  const processor = { onEmit, forceFlush: async () => {}, shutdown: async () => {} };
  const logRecordLimits =
    limits === undefined
      ? {}
      : {
          attributeCountLimit: limits.logAttributes,
          attributeValueLengthLimit: limits.valueLength,
        };
  const loggers = new LoggerProvider({ resource, processors: [processor], logRecordLimits });
  work({
    meter: meters.getMeter(SCOPE, VERSION),
    tracer: tracers.getTracer(SCOPE, VERSION),
    logger: loggers.getLogger(SCOPE, VERSION),
  });
  const { resourceMetrics } = await reader.collect();
  return { metrics: resourceMetrics, spans: spans.getFinishedSpans(), records };
}

/** Of a request, the scope of this test, and the attributes of the resource that both have. */
export function compared<T>(request: unknown, at: { resources: string; scopes: string }): T {
  // Proof of the `as`: the shape of every OTLP request.
  const plain = plainOtlp(request) as Record<string, Record<string, unknown>[]>;
  for (const group of plain[at.resources] ?? []) {
    const { attributes } = group["resource"] as { attributes: { key: string }[] };
    group["resource"] = attributes.filter(({ key }) => key in RESOURCE);
    const scopes = group[at.scopes] as { scope: { name: string } }[];
    group[at.scopes] = scopes.filter(({ scope }) => scope.name === SCOPE);
  }
  return plain as T;
}
