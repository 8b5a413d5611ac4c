import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";

const PACKAGE = join(import.meta.dirname, "..");
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

interface Runtime {
  /** The package that ships the binary, and where in it. */
  readonly binary: string;
  readonly how: readonly string[];
}

/** Runtimes with their own way to run a program. Their packages exist for Linux on x64. */
const RUNTIMES: Readonly<Record<string, Runtime>> = {
  bun: { binary: "@oven/bun-linux-x64-baseline/bin/bun", how: ["run"] },
  deno: { binary: "@deno/linux-x64-glibc/deno", how: ["run", "--allow-all"] },
};

const NO_EXPORT = {
  OTEL_TRACES_EXPORTER: "none",
  OTEL_METRICS_EXPORTER: "none",
  OTEL_LOGS_EXPORTER: "none",
};

/** A service of Express by middleware: what the channels of Node announce is not there everywhere. */
const PROGRAM = `
  import { createServer } from "node:http";
  import process from "node:process";
  import express from "express";
  import { initTelemetry, traceFields } from "./src/index.ts";
  const telemetry = initTelemetry();
  const app = express();
  app.use(telemetry.middleware.express());
  app.get("/items/:id", async (request, response) => {
    await new Promise((resolve) => setImmediate(resolve));
    response.json({ trace: traceFields().trace_id });
  });
  const server = createServer(app);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const ended = new Promise((resolve) => telemetry.onRequest(resolve));
  const answer = await fetch("http://127.0.0.1:" + server.address().port + "/items/7", {
    headers: { traceparent: "00-${TRACE}-00f067aa0ba902b7-01" },
  });
  const { trace } = await answer.json();
  await ended;
  const { text } = await telemetry.renderMetrics();
  console.log(JSON.stringify({ trace, header: answer.headers.get("x-avx-trace"), text }));
  process.exit(0);
`;

/** The runtime's own server, in which Hono answers what the handler does not; telemetry by preload. */
const FETCH_PROGRAM = `
  import process from "node:process";
  import { Hono } from "hono";
  import { telemetry } from "./src/auto.ts";
  import { traceFields } from "./src/index.ts";
  const app = new Hono();
  app.use(telemetry.middleware.hono());
  app.get("/carts/:cart", async (context) => {
    await new Promise((resolve) => setImmediate(resolve));
    return context.json(traceFields());
  });
  const events = () => {
    let left = 3;
    return new ReadableStream({
      async pull(controller) {
        await new Promise((resolve) => setImmediate(resolve));
        if (left-- > 0) controller.enqueue(new TextEncoder().encode("data: x\\n\\n"));
        else controller.close();
      },
    });
  };
  const handler = telemetry.middleware.fetch(async (request, ...rest) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/events") {
      const headers = { "content-type": "text/event-stream" };
      return new Response(events(), { headers });
    }
    if (!pathname.startsWith("/items/")) return app.fetch(request, ...rest);
    telemetry.setRoute(request, "/items/:id");
    return Response.json(traceFields());
  });
  const options = { port: 0, hostname: "127.0.0.1" };
  const server = globalThis.Bun
    ? Bun.serve({ ...options, fetch: handler })
    : Deno.serve({ ...options, onListen() {} }, handler).addr;
  const ended = [];
  const three = new Promise((resolve) => telemetry.onRequest((request) => {
    if (ended.push(request) === 3) resolve();
  }));
  const traces = [];
  for (const path of ["items/7", "carts/8", "events"]) {
    const answer = await fetch("http://127.0.0.1:" + server.port + "/" + path, {
      headers: { traceparent: "00-${TRACE}-00f067aa0ba902b7-01" },
    });
    const text = await answer.text();
    traces.push([answer.headers.get("x-avx-trace"), text.startsWith("{") && JSON.parse(text).trace_id]);
  }
  await three;
  console.log(JSON.stringify({ traces, ended }));
  process.exit(0);
`;

/** The binary of a package; undefined where the platform has none. */
function installed({ binary }: Runtime): string | undefined {
  const path = join(PACKAGE, "../../node_modules", binary);
  return existsSync(path) ? path : undefined;
}

/** What a program prints in this runtime, as JSON; what it says on standard error fails the test. */
function printed(binary: string, { how }: Runtime, program: string): unknown {
  const file = join(PACKAGE, `.${basename(binary)}-${process.pid}.ts`);
  writeFileSync(file, program);
  try {
    const run = spawnSync(binary, [...how, file], {
      cwd: PACKAGE,
      encoding: "utf8",
      env: { ...process.env, ...NO_EXPORT },
    });
    expect(run.stderr).toBe("");
    return JSON.parse(run.stdout);
  } finally {
    rmSync(file);
  }
}

describe.each(Object.entries(RUNTIMES))("a service on %s", (name, runtime) => {
  const binary = installed(runtime) ?? "";
  const titled = (title: string): string =>
    binary === "" ? `${title} (skipped: no ${name} for this platform)` : title;

  it.skipIf(binary === "")(titled("is measured and traced by middleware"), () => {
    // Proof of the `as`: the program prints it.
    const { trace, header, text } = printed(binary, runtime, PROGRAM) as Record<string, string>;
    expect({ trace, header }).toEqual({ trace: TRACE, header: TRACE });
    expect(text).toMatch(
      /^http_server_request_duration_seconds_count\{.*http_route="\/items\/:id".*\} 1$/m,
    );
    expect(text).toMatch(/^http_server_active_requests\{.*\} 0$/m);
  });

  it.skipIf(binary === "")(titled("is measured under the runtime's own server"), () => {
    expect(printed(binary, runtime, FETCH_PROGRAM)).toMatchObject({
      traces: [
        [TRACE, TRACE],
        [TRACE, TRACE],
        [TRACE, false],
      ],
      ended: [
        { route: "/items/:id", status: 200, isAborted: false },
        { route: "/carts/:cart", status: 200, isAborted: false },
        { status: 200, isAborted: false, responseBytes: 27 },
      ],
    });
  });
});
