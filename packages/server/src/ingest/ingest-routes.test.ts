import { gzipSync } from "node:zlib";
import { decodeRpcStatus, snappyEncode } from "@avx/wire";
import compress from "@fastify/compress";
import fastify, { type FastifyInstance } from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { fakePorts } from "./fixtures/fake-ports.ts";
import { MAX_COMPRESSED_BYTES } from "./inflate.ts";
import { registerIngest } from "./ingest-routes.ts";

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

/** An app with the compress plugin of the main port, which inflates request bodies by default. */
async function mount(ports = fakePorts()): Promise<FastifyInstance> {
  app = fastify();
  await app.register(compress, { global: true });
  registerIngest(app, ports);
  await app.ready();
  return app;
}

const post = (url: string, payload: Uint8Array, headers: Record<string, string>) => ({
  method: "POST" as const,
  url,
  payload: Buffer.from(payload),
  headers,
});

describe("registerIngest", () => {
  it.each([
    "/v1/metrics",
    "/v1/traces",
    "/v1/logs",
    "/api/v1/otlp/v1/metrics",
    "/api/v1/otlp/v1/traces",
    "/api/v1/otlp/v1/logs",
  ])("takes gzipped JSON at %s", async (url) => {
    const server = await mount();
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    const reply = await server.inject(post(url, gzipSync("{}"), headers));
    expect([reply.statusCode, reply.body]).toEqual([200, "{}"]);
    expect(reply.headers["content-type"]).toMatch(/^application\/json/);
  });

  it("takes snappy at /api/v1/write", async () => {
    const server = await mount();
    const headers = { "content-type": "application/x-protobuf", "content-encoding": "snappy" };
    const body = snappyEncode(new Uint8Array(0));
    const reply = await server.inject(post("/api/v1/write", body, headers));
    expect([reply.statusCode, reply.body]).toEqual([204, ""]);
  });

  it("answers a decompression bomb with 413 by our own cap", async () => {
    const ports = fakePorts();
    const server = await mount(ports);
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    const bomb = gzipSync(new Uint8Array(64 * 1024 * 1024));
    const reply = await server.inject(post("/v1/logs", bomb, headers));
    expect(reply.statusCode).toBe(413);
    expect(JSON.parse(reply.body)).toMatchObject({ code: 8 });
    expect(ports.counted).toEqual(["refused logs body_too_large"]);
  });

  it("does not read a body beyond the cap, and says so as each protocol wants it", async () => {
    const ports = fakePorts();
    const server = await mount(ports);
    const body = new Uint8Array(MAX_COMPRESSED_BYTES + 1);
    const headers = { "content-type": "application/x-protobuf" };
    const otlp = await server.inject(post("/v1/traces", body, headers));
    expect([otlp.statusCode, otlp.headers["content-type"]]).toEqual([
      413,
      "application/x-protobuf",
    ]);
    expect(decodeRpcStatus(new Uint8Array(otlp.rawPayload), "protobuf").code).toBe(8);
    const write = await server.inject(post("/api/v1/write", body, headers));
    expect([write.statusCode, JSON.parse(write.body).code]).toEqual([413, "body_too_large"]);
    expect(ports.counted).toEqual([
      "refused traces body_too_large",
      "refused metrics body_too_large",
    ]);
  });
});
