/** A thread that cuts large OTLP bodies into pieces. */
import { parentPort } from "node:worker_threads";
import { sentError } from "../../query-workers/sent-error.ts";
import type { BulkAnswer } from "./bulk-splitter.ts";
import { type BulkBody, piecesOf } from "./pieces.ts";

parentPort?.on("message", (body: BulkBody) => {
  const say = (answer: BulkAnswer, transfer: readonly ArrayBuffer[] = []): void =>
    parentPort?.postMessage(answer, transfer);
  try {
    const pieces = piecesOf(body);
    const buffers = pieces.map(({ buffer }) => buffer);
    say({ pieces }, buffers);
  } catch (error) {
    say({ error: sentError(error) });
  }
});
