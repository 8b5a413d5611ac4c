import { AvxError } from "@avx/model";
import type { FastifyReply } from "fastify";

/** Aborts with `query_canceled` when the client goes away before its answer is complete, so that its query can stop. */
export function hangUpSignal(reply: FastifyReply): AbortSignal {
  const abort = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) abort.abort(new AvxError("query_canceled"));
  });
  return abort.signal;
}
