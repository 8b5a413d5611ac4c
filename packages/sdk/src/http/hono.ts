import type { IncomingMessage, ServerResponse } from "node:http";
import { runIn } from "../tracing/trace-scope.ts";
import type { HttpServerTelemetry } from "./http-server-telemetry.ts";

/** A route or a middleware that Hono has matched. */
interface HonoRoute {
  readonly path: string;
  readonly method: string;
}

/** What is used of a Hono context; the SDK does not depend on Hono. */
export interface HonoContextParts {
  /** Holds `incoming` and `outgoing` under @hono/node-server. */
  readonly env: unknown;
  readonly req: {
    readonly raw: Request;
    readonly matchedRoutes: readonly HonoRoute[];
    readonly routeIndex: number;
  };
  readonly error: Error | undefined;
  /** The answer, once a handler has given one. */
  res: Response;
}

/** A middleware of Hono 4. */
export type HonoMiddleware = (
  context: HonoContextParts,
  next: () => Promise<void>,
) => Promise<void>;

/**
 * To be used first: `app.use(telemetry.middleware.hono())`, under @hono/node-server, `Bun.serve`,
 * `Deno.serve` or whoever calls `app.fetch`.
 */
export function honoMiddleware(server: HttpServerTelemetry): HonoMiddleware {
  return async (context, next) => {
    const pair = nodePair(context.env);
    if (pair === undefined) return observedByFetch(server, context, next);
    const observation = server.observe(pair.incoming, pair.outgoing);
    observation.findRoute = () => matchedRoute(context.req);
    await runIn(observation.context, next);
    // Hono hands what a handler threw to its error handler, and keeps it here.
    if (context.error !== undefined) observation.recordError(context.error);
  };
}

/** As above, where the request is a Web `Request` and nothing else. */
async function observedByFetch(
  server: HttpServerTelemetry,
  context: HonoContextParts,
  next: () => Promise<void>,
): Promise<void> {
  const outer = server.fetchObservationOf(context.req.raw);
  const observation = outer ?? server.observeFetch(context.req.raw, context.env);
  observation.findRoute = () => matchedRoute(context.req);
  try {
    await runIn(observation.context, next);
    if (context.error !== undefined) observation.recordError(context.error);
    if (outer !== undefined) return;
    const answer = server.answered(observation, context.res, false);
    if (answer instanceof Response && answer !== context.res) context.res = answer;
  } catch (error) {
    if (outer === undefined) observation.ended(error);
    throw error;
  }
}

/** The route of the handler that ran last; undefined when only middleware ran. */
function matchedRoute(request: HonoContextParts["req"]): string | undefined {
  const route = request.matchedRoutes[request.routeIndex];
  if (route === undefined) return undefined;
  const isMiddleware = route.method === "ALL" && route.path.endsWith("*");
  return isMiddleware ? undefined : route.path;
}

/** The node:http request and response that @hono/node-server hands over; undefined elsewhere. */
export function nodePair(
  env: unknown,
): { incoming: IncomingMessage; outgoing: ServerResponse } | undefined {
  if (typeof env !== "object" || env === null) return undefined;
  if (!("incoming" in env && "outgoing" in env)) return undefined;
  // Proof of the `as`: @hono/node-server binds these two (its type HttpBindings).
  return env as { incoming: IncomingMessage; outgoing: ServerResponse };
}
