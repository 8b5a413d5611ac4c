import type { Telemetry } from "@avx/sdk";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import fastify, { type FastifyInstance } from "fastify";
import { registerCoreRoutes } from "./demo/core-routes.ts";
import { CoreWork } from "./demo/core-work.ts";
import { registerSlowRoute } from "./demo/slow-route.ts";
import { SlowSpell } from "./demo/slow-spell.ts";
import { answerFrameworkError, registerErrorAnswers } from "./error-answer.ts";
import { registerForecastRoute } from "./forecast/forecast-route.ts";
import { serverForecast } from "./forecast/server-forecast.ts";
import { registerServiceRoutes } from "./service-routes.ts";

/** Orders are small. */
const MAX_BODY_BYTES = 16 * 1024;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
const MAX_HEADER_BYTES = 16 * 1024;

/** What api-core is built from; clock and chance can be given by tests. */
export interface ApiCoreOptions {
  readonly telemetry: Telemetry;
  /** Origin of the AVX server. */
  readonly serverUrl: string;
  readonly errorRatio: number;
  readonly nowMs?: () => number;
  readonly random?: () => number;
}

/** api-core, not yet listening. `close()` waits for requests under way. */
export async function buildApiCore(options: ApiCoreOptions): Promise<FastifyInstance> {
  const { telemetry, errorRatio, nowMs = Date.now, random = Math.random } = options;
  const app = fastify({
    logger: false,
    frameworkErrors: answerFrameworkError,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: "idle",
    http: { headersTimeout: HEADERS_TIMEOUT_MS, maxHeaderSize: MAX_HEADER_BYTES },
  });
  registerErrorAnswers(app, telemetry);
  await app.register(telemetry.middleware.fastify());
  await app.register(swagger, { openapi: openapiHead() });
  await app.register(swaggerUi, { routePrefix: "/docs" });
  const slowSpell = new SlowSpell(nowMs);
  const work = new CoreWork({ telemetry, slowSpell, errorRatio, random });
  registerServiceRoutes(app, telemetry);
  registerCoreRoutes(app, { telemetry, work, slowSpell });
  registerSlowRoute(app, slowSpell, telemetry);
  const forecast = serverForecast(options.serverUrl);
  registerForecastRoute(app, { serviceName: telemetry.serviceName, forecast, nowMs });
  return app;
}

function openapiHead() {
  return {
    openapi: "3.1.0",
    info: {
      title: "avx-api-core",
      version: "0.1.0",
      description: "The core API of the mesh: items, orders and forecasts from stored history.",
    },
  };
}
