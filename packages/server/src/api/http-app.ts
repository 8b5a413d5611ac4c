import { constants } from "node:zlib";
import { ALL_EXPERIMENTAL, AVX_SIGNATURES } from "@avx/promql";
import compress from "@fastify/compress";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import fastify, { type FastifyInstance } from "fastify";
import { registerLoginRoutes } from "../access/login-routes.ts";
import { type GatePorts, registerGate } from "../access/register-gate.ts";
import type { TlsFiles } from "../access/tls-files.ts";
import { tlsServerFactory } from "../access/tls-server.ts";
import type { DataAnswer } from "../contract.ts";
import { errorReply } from "../error-status.ts";
import { registerPage } from "../page/page-routes.ts";
import { registerSecurityHeaders } from "../page/security-headers.ts";
import type { StaticFile } from "../page/static-files.ts";
import { drainOnClose } from "../self/drain.ts";
import type { Log } from "../self/log.ts";
import type { SelfMetrics } from "../self/self-metrics.ts";
import { registerAdminRoutes } from "./admin-routes.ts";
import { type AnomalyRoutePorts, registerAnomalyRoutes } from "./anomaly-routes.ts";
import { AnswerCache } from "./answer-cache.ts";
import { type AvxPorts, registerAvxRoutes } from "./avx-routes.ts";
import { registerDataRoutes } from "./data-routes.ts";
import { registerFeatures } from "./features-route.ts";
import { registerFederation } from "./federate-route.ts";
import { type ForecastPorts, registerForecastRoutes } from "./forecast-routes.ts";
import { registerLanguageRoutes } from "./language-routes.ts";
import { openapiDocument } from "./openapi.ts";
import { type PeerPorts, registerPeerRoutes } from "./peer-routes.ts";
import { type QualityRoutePorts, registerQualityRoutes } from "./quality-routes.ts";
import type { QueryAnswers } from "./query-answer.ts";
import { registerQueryRoutes } from "./query-routes.ts";
import { registerRemoteRead } from "./remote-read-route.ts";
import { registerRuleRoutes } from "./rule-routes.ts";
import { registerScrapePoolRoutes } from "./scrape-pool-routes.ts";
import { registerSearchRoutes } from "./search/search-routes.ts";
import { registerSeriesRoutes } from "./series-routes.ts";
import { registerStatusRoutes, type StatusPorts } from "./status-routes.ts";
import { registerTargetRoutes, type TargetRoutePorts } from "./target-routes.ts";
import { registerTraceRoutes } from "./trace-routes.ts";

/** A query of 16 KiB, form-encoded, with its selectors; ingest routes have a limit of their own. */
const MAX_FORM_BYTES = 256 * 1024;
/** Eight times what a door takes: more is no batch that went wrong. */
const MAX_DISCARDED_BYTES = 64 * 1024 * 1024;
/** A slow client must not hold a connection for ever. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** Senders export every 10 to 60 s and keep their connection (Fastify's own default). */
const KEEP_ALIVE_TIMEOUT_MS = 72_000;
const MAX_HEADER_BYTES = 16 * 1024;
/** Label names in paths are escaped and long. */
const MAX_PATH_PARAMETER_CHARACTERS = 2048;
/** Below this compression costs more than it saves. */
const COMPRESS_FROM_BYTES = 2048;
/**
 * Level 1 of each: gzip takes a fifth of the CPU of its default for 3.9 instead of 4.7 times less
 * (3 MB of a range query); zstd takes half the CPU of that gzip and makes a range query of 1.9 MB of
 * random values 3.0 instead of 2.6 times smaller, where brotli at its fastest takes 1.6 times as much.
 */
const COMPRESS_OPTIONS = {
  level: 1,
  params: { [constants.ZSTD_c_compressionLevel]: 1 },
};

/**
 * A Fastify instance with our limits and our error answers, without any route and without a gate.
 * `refused` is told of the codes of the errors, but for those that a route answers itself.
 */
export function createBareApp(
  log: Log,
  tls?: TlsFiles,
  refused: (code: string) => void = () => {},
): FastifyInstance {
  const http = { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: HEADERS_TIMEOUT_MS };
  const timeouts = { requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS };
  const app = fastify({
    logger: false,
    bodyLimit: MAX_FORM_BYTES,
    ...timeouts,
    routerOptions: { maxParamLength: MAX_PATH_PARAMETER_CHARACTERS },
    forceCloseConnections: false,
    http,
    ...(tls && { serverFactory: tlsServerFactory(tls, { ...http, ...timeouts }) }),
  });
  drainOnClose(app);
  letSendersFinish(app);
  app.setErrorHandler((error, _, reply) => {
    const { status, body, retryAfterSeconds } = errorReply(error);
    refused(body.code);
    if (status === 500) {
      log("error", "request failed", {
        reason: error instanceof Error ? error.stack : String(error),
      });
    }
    if (retryAfterSeconds !== undefined) reply.header("Retry-After", String(retryAfterSeconds));
    return reply.code(status).type("application/json; charset=utf-8").send(JSON.stringify(body));
  });
  return app;
}

/**
 * A body that is too large is read to its end and thrown away, so that its sender gets to the answer:
 * a connection that closes under it looks like a fault of the network, and would be tried again for
 * ever. Beyond the limit the connection is closed.
 */
function letSendersFinish(app: FastifyInstance): void {
  app.addHook("onSend", async ({ headers, raw }, reply) => {
    if (reply.statusCode !== 413) return;
    const length = Number(headers["content-length"] ?? Number.POSITIVE_INFINITY);
    if (length > MAX_DISCARDED_BYTES) return;
    reply.removeHeader("connection");
    raw.resume();
  });
}

/** What the routes of the main port need. */
export interface HttpPorts
  extends AnomalyRoutePorts,
    AvxPorts,
    ForecastPorts,
    GatePorts,
    PeerPorts,
    QualityRoutePorts,
    StatusPorts,
    TargetRoutePorts {
  /** Undefined: plain HTTP. */
  readonly tls: TlsFiles | undefined;
  readonly page: ReadonlyMap<string, StaticFile>;
  /** Times every request; without it none is timed. */
  readonly requests?: SelfMetrics["requests"];
  /** Told of the code of every error that is answered. */
  readonly refused?: (code: string) => void;
  readonly answers: QueryAnswers;
  /** What is sent, by whom, and how good it is. */
  readonly dataReport: () => Promise<DataAnswer>;
  /** Adds the ingest doors and the server's own `/metrics`. */
  readonly registerDoors: (app: FastifyInstance) => void;
}

/** The main port: page, Prometheus API, AVX API, ingest, documentation. */
export async function createHttpApp(ports: HttpPorts): Promise<FastifyInstance> {
  const app = createBareApp(ports.log, ports.tls, ports.refused);
  if (ports.requests) await app.register(ports.requests);
  registerGate(app, ports);
  registerSecurityHeaders(app);
  await app.register(compress, {
    global: true,
    threshold: COMPRESS_FROM_BYTES,
    encodings: ["zstd", "gzip", "identity"],
    zlibOptions: COMPRESS_OPTIONS,
  });
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_, body, done) => done(null, new URLSearchParams(String(body))),
  );
  await registerDocumentation(app, ports.version);
  const parseOptions = {
    ...(ports.config.experimentalFunctions ? ALL_EXPERIMENTAL : {}),
    extraFunctions: AVX_SIGNATURES,
  };
  const cache = new AnswerCache(ports.store.metrics);
  registerQueryRoutes(app, { ...ports, cache, parseOptions });
  registerLanguageRoutes(app, parseOptions);
  registerSeriesRoutes(app, ports.store.metrics, parseOptions);
  registerSearchRoutes(app, { metrics: ports.store.metrics, nowMs: ports.nowMs });
  registerFeatures(app, { parseOptions, hasAdmin: ports.config.adminApi });
  registerFederation(app, ports);
  registerRemoteRead(app, ports.store);
  registerStatusRoutes(app, ports);
  registerAdminRoutes(app, ports);
  registerDataRoutes(app, ports);
  registerPeerRoutes(app, ports);
  registerRuleRoutes(app);
  registerTargetRoutes(app, ports);
  registerScrapePoolRoutes(app, ports.scraping);
  registerAvxRoutes(app, ports);
  registerAnomalyRoutes(app, ports);
  registerQualityRoutes(app, ports);
  registerForecastRoutes(app, ports);
  registerTraceRoutes(app, ports.store.traces, ports.nowMs);
  registerLoginRoutes(app, { ...ports, isSecure: ports.tls !== undefined });
  ports.registerDoors(app);
  registerPage(app, ports.page);
  return app;
}

async function registerDocumentation(app: FastifyInstance, version: string): Promise<void> {
  // The document is an OpenAPI 3.1 object; the plugin's type wants its own narrower one.
  const document = openapiDocument(version) as never;
  await app.register(swagger, { mode: "static", specification: { document } });
  await app.register(swaggerUi, { routePrefix: "/docs", staticCSP: true });
}
