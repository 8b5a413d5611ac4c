import type { AvxContext, Resource } from "@avx/model";
import {
  AVX_TRACE_HEADER,
  avxContextFromEnvironment,
  avxHeaders,
  avxResourceAttributes,
} from "./avx-context.ts";
import { type Environment, processEnvironment } from "./environment.ts";
import { type ConsoleExport, consoleExport } from "./export/console-export.ts";
import { TelemetryExport } from "./export/telemetry-export.ts";
import { OWN_SCOPE } from "./exposition/families.ts";
import { renderMetrics, streamMetrics } from "./exposition/render-metrics.ts";
import { ClientCalls } from "./http/client-calls.ts";
import { expressMiddleware } from "./http/express.ts";
import { fastifyPlugin } from "./http/fastify.ts";
import { observedFetch } from "./http/fetch-handler.ts";
import { honoMiddleware } from "./http/hono.ts";
import { httpNames, namingSink } from "./http/http-names.ts";
import { HttpServerTelemetry } from "./http/http-server-telemetry.ts";
import { koaMiddleware } from "./http/koa.ts";
import { observedListener } from "./http/node-http.ts";
import { takenOverBy } from "./instrumentation-choice.ts";
import { randomUuid } from "./lazy-builtins.ts";
import { type LogLimits, limitedEntry, logLimits } from "./logs/log-limits.ts";
import { type LogEntry, logLine } from "./logs/log-line.ts";
import { Logger } from "./logs/logger.ts";
import { MetricRegistry } from "./metrics/metric-registry.ts";
import { observeProcess } from "./observe-process.ts";
import { besideOfficial, officialTelemetry } from "./official-sdk/official-telemetry.ts";
import { apiLogger, type EntrySink } from "./opentelemetry/api-logger.ts";
import { OwnCost } from "./overhead/own-cost.ts";
import { OwnMemory } from "./overhead/own-memory.ts";
import { sheddingSampler } from "./overhead/shedding-sampler.ts";
import { Propagation, propagationFormats } from "./propagation/propagation.ts";
import { processResource, SDK_VERSION } from "./resource.ts";
import { type DetectedResource, detectedResource } from "./resource-detectors.ts";
import { runtimeNameViews } from "./runtime/runtime-names.ts";
import type { Telemetry, TelemetryMiddleware } from "./telemetry.ts";
import { type TelemetryConfig, telemetryConfig } from "./telemetry-config.ts";
import type { TelemetryOptions } from "./telemetry-options.ts";
import type { SpanSink } from "./tracing/recorded-span.ts";
import { neverSampler, type Sampler } from "./tracing/sampler.ts";
import { type SamplerChoice, samplerChoice } from "./tracing/sampler-choice.ts";
import { spanLimits } from "./tracing/span-limits.ts";
import { activeSpanContext } from "./tracing/trace-scope.ts";
import { tailSink, tracers } from "./tracing/tracers.ts";

/** How long `shutdown` waits for the last export. */
const SHUTDOWN_TIMEOUT_MS = 5000;

/** Starts the telemetry of this process. A wrong variable is an `invalid_config` that names it. */
export function initTelemetry(options: TelemetryOptions = {}): Telemetry {
  const environment = options.environment ?? processEnvironment();
  const config = besideOfficial(telemetryConfig(environment));
  const { context, resource, service, notices } = namesOf(options, environment);
  const outlets = outletsOf(environment, config, resource);
  const { sendSpan, sendLog } = sinks(outlets, config, options);
  const log = makeLogger(config, { context, service, write: options.writeLog, send: sendLog });
  const report = reporter(config, log, notices);
  const own = measuring(environment, { config, options, report });
  const { registry, metrics } = own;
  const { choice, getTracer } = tracing(environment, config, { ...own, sendSpan });
  const tracer = getTracer(OWN_SCOPE, SDK_VERSION);
  const propagation = new Propagation(propagationFormats(environment));
  const names = httpNames(environment);
  const http = { meter: metrics, tracer, propagation, cost: own.cost, names };
  const traces = isTracing(choice, config, options);
  const server = new HttpServerTelemetry({ ...http, context, isTracing: traces });
  const calls = new ClientCalls(http);
  const exports = new TelemetryExport({ ...own, config, resource, report });
  outlets.export = exports;
  const parts = {
    ...own,
    console: outlets.console,
    config,
    options,
    server,
    calls,
    exports,
    report,
    sendLog,
  };
  const observation = observeProcess(parts);

  const telemetry: Telemetry = {
    serviceName: service,
    isOfficial: false,
    context,
    resource,
    metrics,
    tracer,
    log,
    registry,
    propagation,
    getTracer: (name, version) => {
      observation.standBack(takenOverBy(name));
      return getTracer(name, version);
    },
    getLogger: (name, version = "") => apiLogger({ name, version }, sendLog),
    ...serving(server, registry, context),
    flush: () => exports.flush(),
    shutdown: once(() => {
      observation.stop();
      return exports.close(SHUTDOWN_TIMEOUT_MS);
    }),
  };
  return config.isOfficial ? officialTelemetry(telemetry, report) : telemetry;
}

interface MeasuringParts {
  readonly config: TelemetryConfig;
  readonly options: TelemetryOptions;
  readonly report: (message: string) => void;
}

/** The metrics, and what tells the SDK's own cost. */
function measuring(environment: Environment, { config, options, report }: MeasuringParts) {
  const { histogramKind } = config;
  const views = [...runtimeNameViews(environment), ...(options.views ?? [])];
  const series = { activeSpan: activeSpanContext, histogramKind, views };
  const registry = new MetricRegistry({ startMs: Date.now(), ...series, warn: report });
  const memory = new OwnMemory(config.memoryBudgetBytes);
  memory.watch(registry, registry.guard);
  registry.guard.keepsExemplars = config.keepsExemplars;
  const cost = new OwnCost({ budget: config.cpuBudget, memory, nowMs: monotonicNow, report });
  return { registry, metrics: registry.getMeter(OWN_SCOPE, SDK_VERSION), memory, cost };
}

interface TracingParts extends Pick<ReturnType<typeof measuring>, "metrics" | "memory" | "cost"> {
  readonly sendSpan: SpanSink;
}

/** The chosen sampler, and the tracers that ask it. */
function tracing(environment: Environment, config: TelemetryConfig, parts: TracingParts) {
  const { sendSpan, metrics: meter, memory, cost } = parts;
  const choice = samplerChoice(environment, monotonicNow);
  const named = namingSink(httpNames(environment), sendSpan);
  const sink = tailSink(choice, named, { meter, memory });
  const sampler = usedSampler(choice, config, cost);
  return { choice, getTracer: tracers({ sampler, sink, limits: spanLimits(environment) }) };
}

const monotonicNow = (): number => performance.now();

function namesOf(options: TelemetryOptions, environment: Environment) {
  const context = { ...avxContextFromEnvironment(environment), ...options.context };
  const { serviceName, instanceId = randomUuid() } = options;
  const detected = detectedResource(environment);
  const resource = processResource({ environment, context, serviceName, instanceId, detected });
  const service = String(resource.attributes.get("service.name"));
  return { context, resource, service, notices: startNotices(environment, detected) };
}

/** What an operator has asked for and does not get. */
function startNotices(environment: Environment, { unknown }: DetectedResource): string[] {
  const notices: string[] = [];
  if (environment["OTEL_CONFIG_FILE"]) {
    notices.push("OTEL_CONFIG_FILE: no configuration file is read; the other variables hold");
  }
  if (unknown.length > 0) {
    notices.push(`OTEL_NODE_RESOURCE_DETECTORS: not of this SDK: ${unknown.join(", ")}`);
  }
  return notices;
}

/** Metrics only: nothing is ever sampled, and nobody would take a span. */
function isTracing({ sampler }: SamplerChoice, config: TelemetryConfig, options: TelemetryOptions) {
  const isSent = config.targets.traces !== undefined || config.printed.has("traces");
  const hasTaker = isSent || options.onSpan !== undefined;
  return hasTaker || sampler !== neverSampler;
}

/** The chosen sampler, less what is shed. */
function usedSampler({ sampler }: SamplerChoice, config: TelemetryConfig, cost: OwnCost): Sampler {
  if (config.isDisabled) return neverSampler;
  const isFree = config.cpuBudget === Infinity && config.memoryBudgetBytes === Infinity;
  return isFree ? sampler : sheddingSampler(sampler, () => cost.level);
}

/** Tells the operator what the SDK has to say about itself, beginning with these notices. */
function reporter({ isSilent }: TelemetryConfig, log: Logger, notices: readonly string[]) {
  const sdkLog = log.child("sdk");
  const report = isSilent ? () => {} : (message: string) => sdkLog.warn(message);
  for (const notice of notices) report(notice);
  return report;
}

function outletsOf(environment: Environment, config: TelemetryConfig, resource: Resource): Outlets {
  const isPrinting = config.printed.size > 0 && !config.isDisabled;
  const limits = logLimits(environment);
  return isPrinting ? { limits, console: consoleExport(resource) } : { limits };
}

interface Outlets {
  readonly limits: LogLimits;
  readonly console?: ConsoleExport;
  export?: TelemetryExport;
}

/** What was collected goes to the export, once that is there, and to the caller's own sinks. */
function sinks(outlets: Outlets, { printed }: TelemetryConfig, options: TelemetryOptions) {
  const { onSpan, onLog } = options;
  const print = {
    span: printed.has("traces") ? outlets.console?.span : undefined,
    log: printed.has("logs") ? outlets.console?.log : undefined,
  };
  const sendSpan: SpanSink = (span) => {
    outlets.export?.spans?.push(span);
    print.span?.(span);
    onSpan?.(span);
  };
  const sendLog: EntrySink = (entry) => {
    const limited = limitedEntry(entry, outlets.limits);
    outlets.export?.logs?.push(limited);
    print.log?.(limited);
    onLog?.(entry);
  };
  return { sendSpan, sendLog };
}

interface LogOutlets {
  readonly context: AvxContext;
  readonly service: string;
  readonly write: ((line: string) => void) | undefined;
  readonly send: EntrySink;
}

function makeLogger(config: TelemetryConfig, outlets: LogOutlets): Logger {
  const { service, write, send } = outlets;
  const context = avxResourceAttributes(outlets.context);
  const output = write ?? ((line: string) => process.stdout.write(line));
  const sink = (entry: LogEntry): void => {
    output(`${logLine(entry, { service, format: config.logFormat, context })}\n`);
    send(entry);
  };
  return new Logger(service, { levels: config.logLevels, sink, nowMs: Date.now });
}

type Serving = Pick<
  Telemetry,
  | "middleware"
  | "onRequest"
  | "outgoingContextHeaders"
  | "renderMetrics"
  | "setRoute"
  | "streamMetrics"
>;

/** What the servers of a service use. */
function serving(
  server: HttpServerTelemetry,
  registry: MetricRegistry,
  context: AvxContext,
): Serving {
  return {
    middleware: middlewareOf(server),
    onRequest: (listener) => server.onRequest(listener),
    setRoute: (request, template) => server.setRoute(request, template),
    outgoingContextHeaders: () => outgoingContextHeaders(context),
    renderMetrics: (accept) => renderMetrics(registry, accept),
    streamMetrics: (accept) => streamMetrics(registry, accept),
  };
}

function middlewareOf(server: HttpServerTelemetry): TelemetryMiddleware {
  return {
    nodeHttp: (listener) => observedListener(server, listener),
    express: () => expressMiddleware(server),
    fastify: () => fastifyPlugin(server),
    koa: () => koaMiddleware(server),
    hono: () => honoMiddleware(server),
    fetch: (handler, options) => observedFetch(server, handler, options),
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
