import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { decodeOtlpMetricsProtobuf, decodeOtlpTracesProtobuf } from "@avx/wire";
import { afterEach, describe, expect, it } from "vitest";
import { GrpcSink } from "./testing/grpc-sink.ts";
import { OtlpSink } from "./testing/otlp-sink.ts";

const PACKAGE = join(import.meta.dirname, "..");
const AUTO = join(import.meta.dirname, "auto.ts");
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program that does not know the SDK, preloaded or not. */
function run(program: string, environment: Record<string, string>, isPreloaded = true) {
  const preload = isPreloaded ? ["--import", AUTO] : [];
  const child = spawn(process.execPath, [...preload, "--input-type=module", "--eval", program], {
    cwd: PACKAGE,
    env: { ...process.env, OTEL_SERVICE_NAME: "shop", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  cleanups.push(() => child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  const ended = once(child, "close").then(
    ([code, signal]): Ending => ({ code, signal, stdout, stderr }),
  );
  return { child, ended };
}

async function sink() {
  const made = new OtlpSink();
  const OTEL_EXPORTER_OTLP_ENDPOINT = await made.listen();
  cleanups.push(() => made.close());
  const spans = () =>
    made.requests
      .filter(({ path }) => path === "/v1/traces")
      .flatMap(({ body }) => decodeOtlpTracesProtobuf(body));
  const metrics = () =>
    made.requests
      .filter(({ path }) => path === "/v1/metrics")
      .flatMap(({ body }) => decodeOtlpMetricsProtobuf(body));
  // A busy test machine starts the sending child slowly.
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT, AVX_EXIT_FLUSH_MS: "15000" };
  return { environment, spans, metrics };
}

/** Serves two requests with `listener`, made by the process itself, then closes. */
function served(listener: string): string {
  return `${listener}
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const origin = "http://127.0.0.1:" + server.address().port;
    for (const id of [1, 2]) {
      const answer = await fetch(origin + "/items/" + id);
      await answer.text();
      if (!/^[0-9a-f]{32}$/.test(answer.headers.get("x-avx-trace"))) process.exitCode = 9;
    }
    server.closeAllConnections();
    server.close();`;
}

const SERVERS: Readonly<Record<string, { program: string; route: string | undefined }>> = {
  "node:http": {
    program: `import { createServer } from "node:http";
      const server = createServer((request, response) => response.end("ok"));`,
    route: undefined,
  },
  "Express 5": {
    program: `import { createServer } from "node:http";
      import express from "express";
      const items = express.Router().get("/:id", (request, response) => response.send("ok"));
      const server = createServer(express().use("/items", items));`,
    route: "/items/:id",
  },
  "Fastify 5": {
    program: `import fastify from "fastify";
      const app = fastify();
      app.get("/items/:id", async () => "ok");
      await app.ready();
      const server = app.server;`,
    route: "/items/:id",
  },
};

describe.each(Object.entries(SERVERS))("a preloaded %s server", (_name, { program, route }) => {
  it("is measured and traced by route template, in one trace with its caller", async () => {
    const { environment, spans, metrics } = await sink();
    const { ended } = run(served(program), environment);
    expect(await ended).toMatchObject({ code: 0, signal: null, stdout: "", stderr: "" });
    const servers = spans().filter(({ kind }) => kind === "server");
    const clients = spans().filter(({ kind }) => kind === "client");
    expect(servers.map(({ name }) => name)).toEqual(
      new Array(2).fill(route === undefined ? "GET" : `GET ${route}`),
    );
    expect(servers.map(({ parentSpanId }) => parentSpanId).sort()).toEqual(
      clients.map(({ spanId }) => spanId).sort(),
    );
    const durations = metrics().findLast(({ name }) => name === "http.server.request.duration");
    const points = durations?.kind === "histogram" ? durations.points : [];
    expect(points.map(({ count }) => count)).toEqual([2]);
    expect(points[0]?.attributes.get("http.route")).toBe(route);
    expect(metrics().some(({ name }) => name === "v8js.memory.heap.used")).toBe(true);
  });
});

/** Programs by what ends them. They say when they are up, so that a signal can wait for it. */
const ENDINGS: Readonly<Record<string, { program: string; signal?: NodeJS.Signals }>> = {
  "has nothing left to do": { program: "process.exitCode = 3;" },
  "calls process.exit": { program: "process.exit(4);" },
  "throws uncaught": { program: 'setTimeout(() => { throw new Error("own"); }, 1);' },
  "rejects unhandled": { program: 'setTimeout(() => Promise.reject(new Error("own")), 1);' },
  "gets SIGTERM": { program: "setInterval(() => {}, 1000); up();", signal: "SIGTERM" },
  "gets SIGINT in a busy loop": { program: "up(); for (;;);", signal: "SIGINT" },
  "handles SIGTERM itself": {
    program: 'process.on("SIGTERM", () => process.exit(5)); setInterval(() => {}, 1000); up();',
    signal: "SIGTERM",
  },
};

describe.each(Object.entries(ENDINGS))("a preloaded process that %s", (_name, ending) => {
  it("ends and prints as it would without", async () => {
    const { environment } = await sink();
    const endingOf = async (isPreloaded: boolean): Promise<Ending> => {
      const program = `import { writeSync } from "node:fs";
        const up = () => writeSync(1, "up");
        ${ending.program}`;
      const { child, ended } = run(program, environment, isPreloaded);
      if (ending.signal !== undefined) {
        await once(child.stdout, "data");
        child.kill(ending.signal);
      }
      return ended;
    };
    expect(await endingOf(true)).toEqual(await endingOf(false));
  });
});

describe("a preloaded process", () => {
  it("sends its last spans when it dies of an uncaught error", async () => {
    const { environment, spans } = await sink();
    const { ended } = run(
      `import { trace } from "@opentelemetry/api";
       trace.getTracer("t").startSpan("last words").end();
       throw new Error("own");`,
      environment,
    );
    expect((await ended).code).toBe(1);
    expect(spans().map(({ name }) => name)).toEqual(["last words"]);
  });

  it("sends them over gRPC too", async () => {
    const grpc = new GrpcSink();
    const address = await grpc.listen();
    cleanups.push(() => grpc.close());
    const { ended } = run(
      `import { trace } from "@opentelemetry/api";
       trace.getTracer("t").startSpan("last words").end();
       process.exit(3);`,
      {
        OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://${address}`,
        AVX_EXIT_FLUSH_MS: "15000",
      },
    );
    expect((await ended).code).toBe(3);
    const spans = grpc.calls.filter(({ signal }) => signal === "traces");
    const names = spans
      .flatMap(({ body }) => decodeOtlpTracesProtobuf(body))
      .map(({ name }) => name);
    expect(names).toEqual(["last words"]);
  });

  it("runs on without telemetry when a variable is wrong, and says which", async () => {
    const { ended } = run('process.stdout.write("done");', { OTEL_METRIC_EXPORT_INTERVAL: "soon" });
    const { code, stdout, stderr } = await ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: "done" });
    expect(stderr).toContain("OTEL_METRIC_EXPORT_INTERVAL");
  });

  it("keeps the contexts of concurrent requests on kept-alive connections apart", async () => {
    const { environment } = await sink();
    const { ended } = run(
      `import { createServer, Agent, get } from "node:http";
       import { trace } from "@opentelemetry/api";
       const active = () => trace.getActiveSpan()?.spanContext().traceId;
       const server = createServer(async (request, response) => {
         const before = active();
         await new Promise((resolve) => setImmediate(resolve));
         const mine = request.headers.traceparent.slice(3, 35);
         response.end(String(before === mine && active() === mine));
       });
       await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
       const agent = new Agent({ keepAlive: true, maxSockets: 4 });
       const ask = (i) => new Promise((resolve) => {
         const id = String(i + 1).padStart(16, "0");
         const headers = { traceparent: "00-" + id + id + "-" + id + "-01" };
         get({ port: server.address().port, host: "127.0.0.1", agent, headers }, (response) => {
           response.setEncoding("utf8").on("data", resolve);
         });
       });
       const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => ask(i)));
       console.log(answers.filter((answer) => answer === "true").length);
       agent.destroy();
       server.close();`,
      environment,
    );
    expect((await ended).stdout).toBe("200\n");
  });
});
