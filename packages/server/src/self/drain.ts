import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";

/** Requests that are on their way when the server is told to stop still arrive and are answered. */
const GRACE_MS = 300;
const LOOK_AGAIN_MS = 50;

/**
 * Lets a closing server end although its clients keep their connections. For a moment it still
 * listens, and answers each request as the last one of its connection (503 when it came after the
 * stop); then what is idle is closed, and what becomes idle later too.
 */
export function drainOnClose(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook("preClose", async () => {
    isClosing = true;
    if (!app.server.listening) return;
    await sleep(GRACE_MS);
    const timer = setInterval(() => app.server.closeIdleConnections(), LOOK_AGAIN_MS);
    app.server.once("close", () => clearInterval(timer));
  });
  app.addHook("onSend", async (_, reply) => {
    if (isClosing) reply.header("connection", "close");
  });
}
