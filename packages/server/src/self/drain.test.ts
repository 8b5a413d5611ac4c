import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import fastify from "fastify";
import { describe, expect, it } from "vitest";
import { drainOnClose } from "./drain.ts";

async function ask(agent: Agent, url: string): Promise<IncomingMessage> {
  const request = get(url, { agent });
  const [reply] = await once(request, "response");
  reply.resume();
  await once(reply, "end");
  return reply;
}

describe("a server that is told to stop", () => {
  it("answers what is under way, and ends although clients keep their connections", async () => {
    const app = fastify({ forceCloseConnections: false });
    drainOnClose(app);
    let release = (): void => {};
    const arrived = new Promise<void>((resolve) => {
      app.get("/slow", async () => {
        resolve();
        await new Promise<void>((go) => {
          release = go;
        });
        return "done";
      });
    });
    app.get("/", async () => "ok");
    const url = await app.listen({ port: 0, host: "127.0.0.1" });
    const [idle, busy] = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })];
    expect((await ask(idle, url)).headers.connection).toBe("keep-alive");
    const slow = ask(busy, `${url}/slow`);
    await arrived;
    const closed = app.close();
    // The connection is still open: a request that was on its way is answered, not reset.
    const late = await ask(idle, url);
    expect([late.statusCode, late.headers.connection]).toEqual([503, "close"]);
    release();
    const last = await slow;
    expect([last.statusCode, last.headers.connection]).toEqual([200, "close"]);
    await closed;
    idle.destroy();
    busy.destroy();
  });
});
