import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const PACKAGE = join(import.meta.dirname, "..");
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

/** Runtimes with their own way to run a program; they are looked for on the path. */
const RUNTIMES: Readonly<Record<string, readonly string[]>> = {
  bun: ["run"],
  deno: ["run", "--allow-all"],
};

/** A service of Express by middleware: what the channels of Node announce is not there everywhere. */
const PROGRAM = `
  import { createServer } from "node:http";
  import process from "node:process";
  import express from "express";
  import { initTelemetry, traceFields } from "./src/index.ts";
  const none = "none";
  const telemetry = initTelemetry({
    environment: { OTEL_TRACES_EXPORTER: none, OTEL_METRICS_EXPORTER: none, OTEL_LOGS_EXPORTER: none },
  });
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

function isInstalled(runtime: string): boolean {
  try {
    execFileSync(runtime, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe.each(Object.entries(RUNTIMES))("a service on %s", (runtime, how) => {
  const isThere = isInstalled(runtime);

  it.skipIf(!isThere)(
    isThere ? "is measured and traced by middleware" : `needs ${runtime} on the path`,
    () => {
      const program = join(PACKAGE, `.${runtime}-${process.pid}.ts`);
      writeFileSync(program, PROGRAM);
      try {
        const printed = execFileSync(runtime, [...how, program], {
          cwd: PACKAGE,
          encoding: "utf8",
        });
        const { trace, header, text } = JSON.parse(printed);
        expect({ trace, header }).toEqual({ trace: TRACE, header: TRACE });
        expect(text).toMatch(
          /^http_server_request_duration_seconds_count\{.*http_route="\/items\/:id".*\} 1$/m,
        );
        expect(text).toMatch(/^http_server_active_requests\{.*\} 0$/m);
      } finally {
        rmSync(program);
      }
    },
  );
});
