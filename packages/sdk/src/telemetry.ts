import type { IncomingMessage } from "node:http";
import type { AvxContext, Resource } from "@avx/model";
import type { Tracer } from "@opentelemetry/api";
import type { MetricsPage, MetricsStream } from "./exposition/render-metrics.ts";
import type { ExpressMiddleware } from "./http/express.ts";
import type { FastifyTelemetryPlugin } from "./http/fastify.ts";
import type { FetchHandler, FetchHandlerOptions } from "./http/fetch-handler.ts";
import type { HonoMiddleware } from "./http/hono.ts";
import type { KoaMiddleware } from "./http/koa.ts";
import type { NodeHttpListener } from "./http/node-http.ts";
import type { RequestListener } from "./http/server-observation.ts";
import type { Logger } from "./logs/logger.ts";
import type { Meter } from "./metrics/meter.ts";
import type { MetricRegistry } from "./metrics/metric-registry.ts";
import type { ApiLogger } from "./opentelemetry/api-logger.ts";
import type { Propagation } from "./propagation/propagation.ts";

/** Ways to observe the requests that a service answers. */
export interface TelemetryMiddleware {
  /** `http.createServer(telemetry.middleware.nodeHttp(listener))` */
  nodeHttp(listener: NodeHttpListener): NodeHttpListener;
  /** `app.use(telemetry.middleware.express())`, before everything else. */
  express(): ExpressMiddleware;
  /** `app.register(telemetry.middleware.fastify())`, before everything else. */
  fastify(): FastifyTelemetryPlugin;
  /** `app.use(telemetry.middleware.koa())`, before everything else. */
  koa(): KoaMiddleware;
  /** `app.use(telemetry.middleware.hono())`, before everything else. */
  hono(): HonoMiddleware;
  /** `Deno.serve(telemetry.middleware.fetch(handler))`, `Bun.serve({ fetch: ... })` and the like. */
  fetch<Q extends Request, A extends unknown[], R>(
    handler: FetchHandler<Q, A, R>,
    options?: FetchHandlerOptions,
  ): (request: Q, ...rest: A) => Promise<R>;
}

/** The telemetry of one process. Nothing in it throws into the application. */
export interface Telemetry {
  readonly serviceName: string;
  /** Whether `AVX_SDK=official` has put the official SDK behind `@opentelemetry/api`. */
  readonly isOfficial: boolean;
  readonly context: AvxContext;
  readonly resource: Resource;
  /** Makes the service's own instruments. */
  readonly metrics: Meter;
  readonly tracer: Tracer;
  readonly log: Logger;
  readonly middleware: TelemetryMiddleware;
  /** How traces and baggage travel in headers, by `OTEL_PROPAGATORS`. */
  readonly propagation: Propagation;
  /** All meters of the process, for `/metrics` and for a second scope. */
  readonly registry: MetricRegistry;
  /**
   * A tracer of another scope, for a library. Asked for by OpenTelemetry's instrumentation of http
   * or undici, the SDK leaves these to it.
   */
  getTracer(scopeName: string, scopeVersion?: string): Tracer;
  /** A logger of `@opentelemetry/api-logs`: its records are exported, not written. */
  getLogger(scopeName: string, scopeVersion?: string): ApiLogger;
  /** Calls `listener` after every observed request. What it throws is lost. */
  onRequest(listener: RequestListener): void;
  /** Names the route of a request that no framework routes; a template such as `/items/:id`. */
  setRoute(request: IncomingMessage | Request, template: string): void;
  /** The `x-avx-*` headers of this service, for requests to others of the mesh. */
  outgoingContextHeaders(): [string, string][];
  /** The answer to a scrape, in the format that the Accept header asks for. */
  renderMetrics(accept?: string): Promise<MetricsPage>;
  /** As `renderMetrics`, piece by piece, and in protobuf with native histograms when asked for. */
  streamMetrics(accept?: string): Promise<MetricsStream>;
  /** Sends everything that waits, now. */
  flush(): Promise<void>;
  /** Sends everything a last time, for at most 5 s, and stops observing. Safe to call twice. */
  shutdown(): Promise<void>;
}
