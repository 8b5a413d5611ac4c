import { createServer } from "node:http";
import { createRequire } from "node:module";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import type { handleUnaryCall } from "@grpc/grpc-js";
import { afterEach, describe, expect, it } from "vitest";
import { listening } from "../../testing/otlp-sink.ts";
import { startTelemetry, type TestTelemetry } from "../../testing/start-telemetry.ts";
import { postgresServer } from "./postgres-server.ts";
import { redisServer } from "./redis-server.ts";

// The instrumentations hook `require`: libraries must come through it.
const require = createRequire(import.meta.url);
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Instrumentation {
  enable(): void;
  disable(): void;
}

/** Telemetry behind the API, and an official instrumentation that knows only the API. */
function instrumented(load: () => Instrumentation): TestTelemetry {
  const telemetry = startTelemetry({ store: "memory", serviceName: "shop", register: true });
  cleanups.push(() => telemetry.shutdown());
  const instrumentation = load();
  instrumentation.enable();
  cleanups.push(() => instrumentation.disable());
  return telemetry;
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port; // a TCP server has one
}

/** Runs `work` in a span `request` and gives that span's id. */
function inRequest(telemetry: TestTelemetry, work: () => Promise<unknown>): Promise<string> {
  return telemetry.tracer.startActiveSpan("request", async (span) => {
    await work().finally(() => span.end());
    return span.spanContext().spanId;
  });
}

describe("@opentelemetry/instrumentation-pg", () => {
  it("makes CLIENT spans of queries under the request, and measures them and the pool", async () => {
    const { PgInstrumentation } =
      require("@opentelemetry/instrumentation-pg") as typeof import("@opentelemetry/instrumentation-pg");
    const telemetry = instrumented(() => new PgInstrumentation());
    const { Pool } = require("pg") as typeof import("pg");
    const port = await portOf(postgresServer());
    const pool = new Pool({ host: "127.0.0.1", port, user: "u", database: "stock", max: 3 });
    const parent = await inRequest(telemetry, async () => {
      expect((await pool.query("SELECT 42 AS answer")).rows).toEqual([{ answer: 42 }]);
      await expect(pool.query("SELECT * FROM nowhere")).rejects.toThrow("does not exist");
    });
    const [found, failed] = telemetry.spans("pg.query:SELECT stock");
    expect(found).toMatchObject({ kind: "client", parentSpanId: parent, status: "unset" });
    expect(Object.fromEntries(found?.attributes ?? [])).toMatchObject({
      "db.system.name": "postgresql",
      "db.namespace": "stock",
      "db.query.text": "SELECT 42 AS answer",
      "server.port": port,
    });
    expect(failed).toMatchObject({ status: "error", parentSpanId: parent });
    expect(failed?.events.map(({ name }) => name)).toEqual(["exception"]);
    const scope = {
      name: "@opentelemetry/instrumentation-pg",
      version: expect.stringMatching(/^0/),
    };
    expect(telemetry.spans("pg-pool.connect")[0]?.scope).toMatchObject(scope);

    const statement = { "db.operation.name": "SELECT", "server.port": port };
    expect(await telemetry.value("db.client.operation.duration", statement)).toBe(2);
    expect(await telemetry.value("db.client.connection.max")).toBe(3);
    expect(await telemetry.value("db.client.connection.count")).toBe(1);
    await pool.end();
  });
});

describe("@opentelemetry/instrumentation-redis", () => {
  it("makes CLIENT spans of commands under the request, errors among them", async () => {
    const { RedisInstrumentation } =
      require("@opentelemetry/instrumentation-redis") as typeof import("@opentelemetry/instrumentation-redis");
    const telemetry = instrumented(() => new RedisInstrumentation());
    const { createClient } = require("redis") as typeof import("redis");
    const port = await portOf(redisServer());
    const client = createClient({ socket: { host: "127.0.0.1", port } });
    await client.connect();
    const parent = await inRequest(telemetry, async () => {
      await client.set("cart", "full");
      expect(await client.get("cart")).toBe("full");
      await expect(client.incr("cart")).rejects.toThrow("not an integer");
    });
    client.destroy();
    const spans = telemetry.spans().filter(({ parentSpanId }) => parentSpanId === parent);
    expect(spans.map(({ name, kind, status }) => [name, kind, status])).toEqual([
      ["redis-SET", "client", "unset"],
      ["redis-GET", "client", "unset"],
      ["redis-INCR", "client", "error"],
    ]);
    expect(Object.fromEntries(spans[0]?.attributes ?? [])).toMatchObject({
      "db.system.name": "redis",
      "server.port": port,
    });
  });
});

describe("@opentelemetry/instrumentation-grpc", () => {
  it("carries the trace from a client's span to the server's", async () => {
    const { GrpcInstrumentation } =
      require("@opentelemetry/instrumentation-grpc") as typeof import("@opentelemetry/instrumentation-grpc");
    const telemetry = instrumented(() => new GrpcInstrumentation());
    const grpc = require("@grpc/grpc-js") as typeof import("@grpc/grpc-js");
    const asText = {
      serialize: (text: string) => Buffer.from(text),
      deserialize: (bytes: Buffer) => bytes.toString(),
    };
    const method = {
      path: "/shop.Stock/Count",
      requestStream: false,
      responseStream: false,
      requestSerialize: asText.serialize,
      requestDeserialize: asText.deserialize,
      responseSerialize: asText.serialize,
      responseDeserialize: asText.deserialize,
    };
    const count: handleUnaryCall<string, string> = (call, done) => {
      if (call.request === "nothing") done({ code: grpc.status.NOT_FOUND, message: "no such" });
      else done(null, "42");
    };
    const server = new grpc.Server();
    server.addService({ count: method }, { count });
    const credentials = grpc.ServerCredentials.createInsecure();
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", credentials, (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    cleanups.push(() => server.forceShutdown());
    const Client = grpc.makeGenericClientConstructor({ count: method }, "Stock");
    const client = new Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    cleanups.push(() => client.close());
    const call = (of: string) =>
      new Promise<string>((resolve) => {
        client["count"]?.(of, (error: Error | null, text: string) =>
          resolve(error?.message ?? text),
        );
      });
    const parent = await inRequest(telemetry, async () => {
      expect(await call("apples")).toBe("42");
      expect(await call("nothing")).toContain("no such");
    });
    const spans = telemetry.spans("grpc.shop.Stock/Count");
    const clients = spans.filter(({ kind }) => kind === "client");
    const servers = spans.filter(({ kind }) => kind === "server");
    expect(clients.map(({ parentSpanId, status }) => [parentSpanId, status])).toEqual([
      [parent, "unset"],
      [parent, "error"],
    ]);
    expect(servers.map(({ parentSpanId }) => parentSpanId)).toEqual(
      clients.map(({ spanId }) => spanId),
    );
    expect(Object.fromEntries(servers[1]?.attributes ?? [])).toMatchObject({
      "rpc.system": "grpc",
      "rpc.method": "Count",
      "rpc.service": "shop.Stock",
      "rpc.grpc.status_code": grpc.status.NOT_FOUND,
    });
  });
});

describe("@opentelemetry/instrumentation-undici", () => {
  async function called() {
    const { UndiciInstrumentation } =
      require("@opentelemetry/instrumentation-undici") as typeof import("@opentelemetry/instrumentation-undici");
    const telemetry = instrumented(() => new UndiciInstrumentation());
    const seen: (string | string[] | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers["traceparent"]);
      response.writeHead(request.url === "/missing" ? 404 : 200).end("ok");
    });
    const origin = await listening(server);
    cleanups.push(() => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    });
    return { telemetry, origin, seen };
  }

  it("takes over from the SDK's own: one span, one measurement, one header", async () => {
    const { telemetry, origin, seen } = await called();
    const parent = await inRequest(telemetry, async () => {
      await (await fetch(`${origin}/stock?page=2`)).text();
      await (await fetch(`${origin}/missing`)).text();
    });
    const spans = telemetry.spans("GET");
    expect(spans.map(({ kind, status, parentSpanId }) => [kind, status, parentSpanId])).toEqual([
      ["client", "unset", parent],
      ["client", "error", parent],
    ]);
    expect(new Set(spans.map(({ scope }) => scope.name))).toEqual(
      new Set(["@opentelemetry/instrumentation-undici"]),
    );
    expect(spans[0]?.attributes.get("url.full")).toBe(`${origin}/stock?page=2`);
    expect(seen).toEqual(spans.map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`));
    const port = { "server.port": Number(new URL(origin).port) };
    expect(await telemetry.value("http.client.request.duration", port)).toBe(2);
  });

  it("counts what fails by its code", async () => {
    const { telemetry } = await called();
    const gone = createTcpServer();
    const port = await new Promise<number>((resolve) => {
      gone.listen(0, "127.0.0.1", () => resolve((gone.address() as AddressInfo).port));
    });
    await new Promise((resolve) => gone.close(resolve));
    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
    const refused = { "error.type": "ECONNREFUSED", "server.port": port };
    expect(await telemetry.value("http.client.request.duration", refused)).toBe(1);
    expect(telemetry.spans("GET")[0]).toMatchObject({ status: "error" });
  });
});
