import type { IncomingMessage, ServerResponse } from "node:http";
import type { HeaderWriter } from "../propagation/header-format.ts";
import { runIn } from "../tracing/trace-scope.ts";
import type { HttpServerTelemetry } from "./http-server-telemetry.ts";
import { runRequest } from "./run-request.ts";

/** What is used of a Fastify 5 request; the SDK does not depend on Fastify. */
interface FastifyRequestParts {
  readonly raw: IncomingMessage;
  readonly routeOptions: { readonly url?: string | undefined };
}

interface FastifyReplyParts {
  readonly raw: ServerResponse;
  header(name: string, value: string): unknown;
}

type Hook = (request: FastifyRequestParts, reply: FastifyReplyParts, done: () => void) => void;
type ErrorHook = (
  ...parameters: [FastifyRequestParts, FastifyReplyParts, error: Error, done: () => void]
) => void;

/** What is used of a Fastify 5 instance. */
export interface FastifyParts {
  addHook(name: "onRequest" | "preValidation", hook: Hook): unknown;
  addHook(name: "onError", hook: ErrorHook): unknown;
}

/** A Fastify plugin in callback style. */
export type FastifyTelemetryPlugin = (
  instance: FastifyParts,
  options: unknown,
  done: () => void,
) => void;

/** To be registered first: `app.register(telemetry.middleware.fastify())`. Covers the whole app. */
export function fastifyPlugin(server: HttpServerTelemetry): FastifyTelemetryPlugin {
  const plugin: FastifyTelemetryPlugin = (instance, _options, done) => {
    instance.addHook("onRequest", (request, reply, next) => {
      // Among Fastify's own headers: one set on the raw response costs Node its quick way.
      const setHeader: HeaderWriter = (name, value) => void reply.header(name, value);
      const observation = server.observe(request.raw, reply.raw, setHeader);
      // undefined when no route matched.
      observation.route = request.routeOptions.url;
      runRequest(request.raw, observation.context, next);
    });
    // Reading a body continues in events of the socket, outside of the request's context.
    instance.addHook("preValidation", (request, reply, next) => {
      runIn(server.observe(request.raw, reply.raw).context, next);
    });
    // biome-ignore lint/complexity/useMaxParams: the signature is Fastify's
    instance.addHook("onError", (request, reply, error, next) => {
      server.observe(request.raw, reply.raw).recordError(error);
      next();
    });
    done();
  };
  // Fastify's own marks: hooks apply to the parent, and the plugin has a name in its errors.
  return Object.assign(plugin, {
    [Symbol.for("skip-override")]: true,
    [Symbol.for("fastify.display-name")]: "@avx/sdk",
  });
}
