import type { Telemetry } from "@avx/sdk";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import fastify, { type FastifyInstance } from "fastify";
import { answerFrameworkError, registerErrorAnswers } from "./error-answer.ts";
import { LiveLatencies } from "./live/live-latencies.ts";
import { registerLiveRoutes } from "./live/live-routes.ts";
import { PROXY_ROUTE, registerProxy } from "./proxy/proxy-routes.ts";
import { Upstream } from "./proxy/upstream.ts";
import { registerServiceRoutes } from "./service-routes.ts";

/** A client must not hold a connection for ever without sending its headers. */
const HEADERS_TIMEOUT_MS = 10_000;
const MAX_HEADER_BYTES = 16 * 1024;

/** What the gateway is built from; the clock can be given by tests. */
export interface GatewayOptions {
  readonly telemetry: Telemetry;
  readonly upstream: string;
  readonly upstreamTimeoutMs: number;
  readonly nowMs?: () => number;
}

/** The gateway, not yet listening. `close()` waits for requests under way. */
export async function buildGateway(options: GatewayOptions): Promise<FastifyInstance> {
  const { telemetry, nowMs = Date.now } = options;
  const app = fastify({
    logger: false,
    frameworkErrors: answerFrameworkError,
    forceCloseConnections: "idle",
    http: { headersTimeout: HEADERS_TIMEOUT_MS, maxHeaderSize: MAX_HEADER_BYTES },
  });
  const upstream = new Upstream({
    origin: options.upstream,
    timeoutMs: options.upstreamTimeoutMs,
    report: (message) => telemetry.log.warn(message, { upstream: options.upstream }),
  });
  const latencies = new LiveLatencies();
  latencies.follow(telemetry, PROXY_ROUTE);

  registerErrorAnswers(app, telemetry);
  await app.register(telemetry.middleware.fastify());
  await app.register(swagger, { openapi: openapiHead() });
  await app.register(swaggerUi, { routePrefix: "/docs" });
  registerServiceRoutes(app, { telemetry, upstream });
  registerLiveRoutes(app, { telemetry, latencies, nowMs });
  await registerProxy(app, upstream, telemetry);
  app.addHook("onClose", () => upstream.close());
  return app;
}

function openapiHead() {
  return {
    openapi: "3.1.0",
    info: {
      title: "avx-gateway",
      version: "0.1.0",
      description:
        "The front door of the mesh. Paths that are not listed here are forwarded to api-core.",
    },
  };
}
