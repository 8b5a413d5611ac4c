import { connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createTestServer } from "./fixtures/test-server.ts";

const MIB = 1024 * 1024;

/** A connection that sends what it is given and gives what comes back, up to the end of a body. */
async function connection() {
  const { app } = await createTestServer();
  await app.listen({ host: "127.0.0.1", port: 0 });
  const bound = app.server.address();
  const socket = connect(typeof bound === "object" && bound ? bound.port : 0, "127.0.0.1");
  onTestFinished(async () => {
    socket.destroy();
    await app.close();
  });
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk.toString();
  });
  return {
    socket,
    answers: () => [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status)),
  };
}

const head = (method: string, path: string, more = ""): string =>
  `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;

describe("a body that is too large", () => {
  it.each([9, 40])("of %i MiB is refused, and the connection goes on", async (mib) => {
    const { socket, answers } = await connection();
    const headers = `Content-Type: application/json\r\nContent-Length: ${mib * MIB}\r\n`;
    socket.write(head("POST", "/v1/metrics", headers));
    await expect.poll(answers).toEqual([413]);
    socket.write(Buffer.alloc(mib * MIB, " "));
    socket.write(head("GET", "/-/healthy"));
    await expect.poll(answers, { timeout: 10_000 }).toEqual([413, 200]);
  });

  it("of more than any batch ends the connection", async () => {
    const { socket, answers } = await connection();
    const headers = `Content-Type: application/json\r\nContent-Length: ${65 * MIB}\r\n`;
    socket.write(head("POST", "/v1/metrics", headers));
    await new Promise((resolve) => socket.once("close", resolve));
    expect(answers()).toEqual([413]);
  });
});
