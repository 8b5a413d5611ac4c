import type { TelemetryMiddleware } from "../telemetry.ts";

/** Middleware that only passes requests on: the official SDK's instrumentations observe them. */
export const PASSING_MIDDLEWARE: TelemetryMiddleware = {
  nodeHttp: (listener) => listener,
  express: () => (_request, _response, next) => next(),
  fastify: () => (_instance, _options, done) => done(),
  koa: () => (_context, next) => next(),
  hono: () => (_context, next) => next(),
  fetch:
    (handler) =>
    async (request, ...rest) =>
      handler(request, ...rest),
};
