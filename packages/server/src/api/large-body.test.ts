import { Agent, request } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { createTestServer } from "./fixtures/test-server.ts";

const MIB = 1024 * 1024;

describe("a body that is too large", () => {
  it("is refused with an answer that its sender gets, on a connection that goes on", async () => {
    const { app } = await createTestServer();
    await app.listen({ host: "127.0.0.1", port: 0 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(async () => {
      agent.destroy();
      await app.close();
    });
    const bound = app.addresses()[0];
    const sockets = new Set<unknown>();
    const send = (mib: number): Promise<number> =>
      new Promise((resolve, reject) => {
        const headers = { "content-type": "application/json", "content-length": mib * MIB };
        const options = { port: bound?.port, path: "/v1/metrics", method: "POST", agent, headers };
        const call = request({ host: "127.0.0.1", ...options }, (answer) => {
          answer.resume().once("end", () => resolve(answer.statusCode ?? 0));
        });
        call.once("socket", (socket) => sockets.add(socket)).once("error", reject);
        const piece = Buffer.alloc(MIB, " ");
        const write = (left: number): void => {
          if (left === 0) call.end();
          else if (call.write(piece)) write(left - 1);
          else call.once("drain", () => write(left - 1));
        };
        write(mib);
      });
    expect(await send(9)).toBe(413);
    expect(await send(40)).toBe(413);
    expect(await send(1)).toBe(400);
    expect(sockets.size).toBe(1);
  });
});
