import { randomUUID } from "node:crypto";
import type { AvxContext } from "@avx/model";
import { AVX_TRACE_HEADER, avxContextFromEnvironment, avxHeaders } from "./avx-context.ts";
import { type Environment, processEnvironment } from "./environment.ts";
import { TelemetryExport } from "./export/telemetry-export.ts";
import { OWN_SCOPE } from "./exposition/exposition.ts";
import { renderMetrics } from "./exposition/render-metrics.ts";
import { ClientCalls } from "./http/client-calls.ts";
import { expressMiddleware } from "./http/express.ts";
import { fastifyPlugin } from "./http/fastify.ts";
import { honoMiddleware } from "./http/hono.ts";
import { HttpServerTelemetry } from "./http/http-server-telemetry.ts";
import { koaMiddleware } from "./http/koa.ts";
import { observedListener } from "./http/node-http.ts";
import { type LogEntry, logLine } from "./logs/log-line.ts";
import { Logger } from "./logs/logger.ts";
import type { Meter } from "./metrics/meter.ts";
import { MetricRegistry } from "./metrics/metric-registry.ts";
import { observeProcess } from "./observe-process.ts";
import { apiLogger, type EntrySink } from "./opentelemetry/api-logger.ts";
import { OwnCost } from "./overhead/own-cost.ts";
import { sheddingSampler } from "./overhead/shedding-sampler.ts";
import { Propagation, propagationFormats } from "./propagation/propagation.ts";
import { processResource, SDK_VERSION } from "./resource.ts";
import type { Telemetry, TelemetryMiddleware } from "./telemetry.ts";
import { type TelemetryConfig, telemetryConfig } from "./telemetry-config.ts";
import { AvxTracer } from "./tracing/avx-tracer.ts";
import type { SpanSink } from "./tracing/recorded-span.ts";
import { neverSampler, type Sampler } from "./tracing/sampler.ts";
import { type SamplerChoice, samplerChoice } from "./tracing/sampler-choice.ts";
import { TailBuffer } from "./tracing/tail-buffer.ts";
import { activeSpanContext } from "./tracing/trace-scope.ts";

/** How long `shutdown` waits for the last export. */
const SHUTDOWN_TIMEOUT_MS = 5000;

/** All optional: without any, everything comes from AVX_* and OTEL_* variables. */
export interface TelemetryOptions {
  readonly serviceName?: string;
  /** Parts that are set win over AVX_* variables. */
  readonly context?: Partial<AvxContext>;
  /** `service.instance.id`; a random UUID when absent. */
  readonly instanceId?: string;
  /** The variables to read; those of the process when absent. */
  readonly environment?: Environment;
  /** Takes finished log lines; standard output when absent. */
  readonly writeLog?: (line: string) => void;
  /** Takes every span that has ended, beside the export. */
  readonly onSpan?: SpanSink;
  /** Takes every log entry, beside the export. */
  readonly onLog?: EntrySink;
  /** Event loop, garbage collection, heap and process metrics; on unless false. */
  readonly runtimeMetrics?: boolean;
  /** Observes every node:http server of the process, without middleware. */
  readonly observeServers?: boolean;
  /** Sends what waits when the process exits, for at most `AVX_EXIT_FLUSH_MS`. */
  readonly flushAtExit?: boolean;
}

/** Starts the telemetry of this process. A wrong variable is an `invalid_config` that names it. */
export function initTelemetry(options: TelemetryOptions = {}): Telemetry {
  const environment = options.environment ?? processEnvironment();
  const config = telemetryConfig(environment);
  const context = { ...avxContextFromEnvironment(environment), ...options.context };
  const { serviceName, instanceId = randomUUID() } = options;
  const resource = processResource({ environment, context, serviceName, instanceId });
  const service = String(resource.attributes.get("service.name"));

  const outlets: { export?: TelemetryExport } = {};
  const { sendSpan, sendLog } = sinks(outlets, options);
  const log = makeLogger(config, { service, write: options.writeLog, send: sendLog });
  const sdkLog = log.child("sdk");
  const report = (message: string) => sdkLog.warn(message);
  const startMs = Date.now();
  const series = { activeSpan: activeSpanContext, histogramKind: config.histogramKind };
  const registry = new MetricRegistry({ startMs, ...series, warn: report });
  const metrics = registry.getMeter(OWN_SCOPE, SDK_VERSION);
  const cost = new OwnCost({ budget: config.cpuBudget, nowMs: () => performance.now(), report });
  const choice = samplerChoice(environment, () => performance.now());
  const sampler = usedSampler(choice, config, cost);
  const getTracer = tracers(sampler, tailSink(choice, sendSpan, metrics));
  const tracer = getTracer(OWN_SCOPE);
  const propagation = new Propagation(propagationFormats(environment));
  const http = { meter: metrics, tracer, propagation, cost };
  const server = new HttpServerTelemetry({
    ...http,
    context,
    isTracing: isTracing(choice, config, options),
  });
  const calls = new ClientCalls(http);
  const exports = new TelemetryExport({ config, resource, registry, cost, meter: metrics, report });
  outlets.export = exports;
  const stop = observeProcess({ config, options, registry, cost, server, calls, exports });

  return {
    serviceName: service,
    context,
    resource,
    metrics,
    tracer,
    log,
    registry,
    propagation,
    getTracer,
    getLogger: (scopeName) => apiLogger(scopeName, sendLog),
    middleware: middlewareOf(server),
    onRequest: (listener) => server.onRequest(listener),
    setRoute: (request, template) => server.setRoute(request, template),
    outgoingContextHeaders: () => outgoingContextHeaders(context),
    renderMetrics: (accept) => renderMetrics(registry, accept),
    flush: () => exports.flush(),
    shutdown: once(async () => {
      stop();
      await exports.close(SHUTDOWN_TIMEOUT_MS);
    }),
  };
}

/** Metrics only: nothing is ever sampled, and nobody would take a span. */
function isTracing({ sampler }: SamplerChoice, config: TelemetryConfig, options: TelemetryOptions) {
  const hasTaker = config.targets.traces !== undefined || options.onSpan !== undefined;
  return hasTaker || sampler !== neverSampler;
}

/** The chosen sampler, less what is shed. */
function usedSampler({ sampler }: SamplerChoice, config: TelemetryConfig, cost: OwnCost): Sampler {
  if (config.isDisabled) return neverSampler;
  return config.cpuBudget === Infinity ? sampler : sheddingSampler(sampler, () => cost.level);
}

/** What was collected goes to the export, once that is there, and to the caller's own sinks. */
function sinks(outlets: { readonly export?: TelemetryExport }, options: TelemetryOptions) {
  const { onSpan, onLog } = options;
  const sendSpan: SpanSink = (span) => {
    outlets.export?.spans?.push(span);
    onSpan?.(span);
  };
  const sendLog: EntrySink = (entry) => {
    outlets.export?.logs?.push(entry);
    onLog?.(entry);
  };
  return { sendSpan, sendLog };
}

interface LogOutlets {
  readonly service: string;
  readonly write: ((line: string) => void) | undefined;
  readonly send: EntrySink;
}

function makeLogger(config: TelemetryConfig, { service, write, send }: LogOutlets): Logger {
  const output = write ?? ((line: string) => process.stdout.write(line));
  const sink = (entry: LogEntry): void => {
    output(`${logLine(entry, { service, format: config.logFormat })}\n`);
    send(entry);
  };
  return new Logger(service, { levels: config.logLevels, sink, nowMs: Date.now });
}

function tracers(sampler: Sampler, sink: SpanSink): (scopeName: string) => AvxTracer {
  const byScope = new Map<string, AvxTracer>();
  return (scopeName) => {
    const tracer = byScope.get(scopeName) ?? new AvxTracer({ scopeName, sampler, sink });
    byScope.set(scopeName, tracer);
    return tracer;
  };
}

/** With a tail sampler, spans pass its buffer before they are sent. */
function tailSink({ slowMs }: SamplerChoice, sink: SpanSink, meter: Meter): SpanSink {
  if (slowMs === undefined) return sink;
  const dropped = meter
    .createCounter("avx.sdk.tail_buffer.dropped", {
      description: "Spans given up before their trace was decided: the tail buffer was full.",
      unit: "{span}",
    })
    .bind();
  const buffer = new TailBuffer({ slowMs, sink, dropped: (spans) => dropped.add(spans) });
  return (span) => buffer.push(span);
}

function middlewareOf(server: HttpServerTelemetry): TelemetryMiddleware {
  return {
    nodeHttp: (listener) => observedListener(server, listener),
    express: () => expressMiddleware(server),
    fastify: () => fastifyPlugin(server),
    koa: () => koaMiddleware(server),
    hono: () => honoMiddleware(server),
  };
}

function outgoingContextHeaders(context: AvxContext): [string, string][] {
  const span = activeSpanContext();
  const headers = avxHeaders(context);
  return span === undefined ? headers : [...headers, [AVX_TRACE_HEADER, span.traceId]];
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
