import type { FastifyReply } from "fastify";

/** Aborts when the client goes away before its answer is complete, so that its query can stop. */
export function hangUpSignal(reply: FastifyReply): AbortSignal {
  const abort = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) abort.abort();
  });
  return abort.signal;
}
