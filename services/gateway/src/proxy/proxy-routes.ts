import { AvxError, type Telemetry } from "@avx/sdk";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { callerResponseHeaders, upstreamRequestHeaders } from "./forwarded-headers.ts";
import type { Upstream } from "./upstream.ts";

/** The route of everything that is not the gateway's own. */
export const PROXY_ROUTE = "/*";

/** Forwards every other path to the upstream, bodies streaming both ways. */
export async function registerProxy(
  app: FastifyInstance,
  upstream: Upstream,
  telemetry: Telemetry,
): Promise<void> {
  await app.register(async (scope) => {
    // Bodies are passed on as they arrive: nothing is parsed or held.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
    scope.all(PROXY_ROUTE, { schema: { hide: true } }, (request, reply) =>
      forward(request, reply, { upstream, telemetry }),
    );
  });
}

async function forward(
  request: FastifyRequest,
  reply: FastifyReply,
  { upstream, telemetry }: { readonly upstream: Upstream; readonly telemetry: Telemetry },
): Promise<FastifyReply> {
  const inbound = request.raw;
  // A proxy passes paths on; "http://elsewhere/" or "*" as target would be another's request.
  if (!inbound.url?.startsWith("/")) {
    throw new AvxError("bad_request", { reason: "the request target must be a path" });
  }
  const callerLeft = new AbortController();
  reply.raw.once("close", () => callerLeft.abort());
  const headers = upstreamRequestHeaders(inbound.headers, {
    peerAddress: inbound.socket.remoteAddress,
    scheme: request.protocol,
    contextHeaders: telemetry.outgoingContextHeaders(),
  });
  const answer = await upstream.forward({ inbound, headers, callerLeft: callerLeft.signal });
  return reply.code(answer.status).headers(callerResponseHeaders(answer.headers)).send(answer.body);
}
