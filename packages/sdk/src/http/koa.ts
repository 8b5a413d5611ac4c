import type { IncomingMessage, ServerResponse } from "node:http";
import { runIn } from "../tracing/trace-scope.ts";
import type { HttpServerTelemetry } from "./http-server-telemetry.ts";

/** What is used of a Koa context; the SDK does not depend on Koa. */
export interface KoaContextParts {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

/** A middleware of Koa 2 and 3. */
export type KoaMiddleware = (
  context: KoaContextParts,
  next: () => Promise<unknown>,
) => Promise<unknown>;

/** To be used first: `app.use(telemetry.middleware.koa())`. Routes are those of @koa/router. */
export function koaMiddleware(server: HttpServerTelemetry): KoaMiddleware {
  return async (context, next) => {
    const observation = server.observe(context.req, context.res);
    // Asked at the end: the router matches after this middleware has passed the request on.
    observation.findRoute = () => matchedRoute(context);
    try {
      return await runIn(observation.context, next);
    } catch (error) {
      observation.recordError(error);
      throw error;
    }
  };
}

/** The full template, prefixes of nested routers included; a RegExp by its source. */
function matchedRoute(context: object): string | undefined {
  const route: unknown = "_matchedRoute" in context ? context._matchedRoute : undefined;
  if (route instanceof RegExp) return route.source;
  return typeof route === "string" ? route : undefined;
}
