import { runIn } from "../tracing/trace-scope.ts";
import { nodePair } from "./hono.ts";
import type { HttpServerTelemetry } from "./http-server-telemetry.ts";

/** How requests of a fetch-style server are told apart and measured. */
export interface FetchHandlerOptions {
  /** The template of every request that comes here, as of one entry of Bun's `routes`. */
  readonly route?: string;
  /**
   * Measures every answer to the end of its body, not only streams. The runtime then sees a stream
   * where there was a text, and sends it in chunks.
   */
  readonly waitsForBody?: boolean;
}

/** A handler of `Deno.serve`, `Bun.serve` and the like. What follows the request is passed on. */
export type FetchHandler<Q extends Request, A extends unknown[], R> = (
  request: Q,
  ...rest: A
) => R | Promise<R>;

/**
 * `handler`, observed. Under @hono/node-server, which gives the node:http pair, the requests are
 * those of node:http.
 */
export function observedFetch<Q extends Request, A extends unknown[], R>(
  server: HttpServerTelemetry,
  handler: FetchHandler<Q, A, R>,
  options: FetchHandlerOptions = {},
): (request: Q, ...rest: A) => Promise<R> {
  return async (request, ...rest) => {
    const pair = nodePair(rest[0]);
    if (pair !== undefined) {
      const observation = server.observe(pair.incoming, pair.outgoing);
      if (options.route !== undefined) observation.route = options.route;
      return await runIn(observation.context, () => handler(request, ...rest));
    }
    const observation = server.observeFetch(request, rest[0]);
    if (options.route !== undefined) observation.route = options.route;
    try {
      const answer = await runIn(observation.context, () => handler(request, ...rest));
      // Proof of the `as`: a Response became a Response.
      return server.answered(observation, answer, options.waitsForBody === true) as R;
    } catch (error) {
      observation.ended(error);
      throw error;
    }
  };
}
