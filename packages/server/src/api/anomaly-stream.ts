import { AvxError } from "@avx/model";
import type { FastifyReply } from "fastify";
import type { AnomalyJournal } from "../anomalies/anomaly-journal.ts";

/** Each is an open connection. */
const MAX_LISTENERS = 100;
/** A proxy in between closes what is silent for longer. */
const HEARTBEAT_MS = 15_000;
/** A listener that does not read is let go. */
const MAX_UNSENT_BYTES = 1024 * 1024;

/** Sends anomalies to listeners as server-sent events, until they leave or the server stops. */
export interface AnomalyStream {
  /** Takes over the reply. Throws AvxError `overloaded` when there are too many. */
  open(reply: FastifyReply): void;
  close(): void;
}

/** A stream of what is put into the journal; it is asked for when the first listener comes. */
export function createAnomalyStream(journal: () => AnomalyJournal): AnomalyStream {
  const leaves = new Set<() => void>();
  return {
    open(reply) {
      if (leaves.size >= MAX_LISTENERS) {
        throw new AvxError("overloaded", { what: "the anomaly stream", retryAfterSeconds: 30 });
      }
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        "Content-Type": "text/event-stream; charset=utf-8",
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
      });
      raw.write(": open\n\n");
      const send = (text: string): void => {
        if (raw.writableLength > MAX_UNSENT_BYTES) leave();
        else raw.write(text);
      };
      const deafen = journal().listen((event) => {
        send(`event: anomaly\nid: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`);
      });
      const heartbeat = setInterval(() => send(": still here\n\n"), HEARTBEAT_MS);
      heartbeat.unref();
      const leave = (): void => {
        if (!leaves.delete(leave)) return;
        clearInterval(heartbeat);
        deafen();
        raw.end();
      };
      leaves.add(leave);
      raw.on("close", leave);
    },
    close() {
      for (const leave of leaves) leave();
    },
  };
}
