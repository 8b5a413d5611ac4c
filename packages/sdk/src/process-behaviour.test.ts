import { spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { listening } from "./testing/otlp-sink.ts";

const SDK = join(import.meta.dirname, "index.ts");
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A receiver; `answers` false leaves every request hanging. */
async function receiver(answers: boolean) {
  let requests = 0;
  const first = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    requests++;
    first.resolve();
    request.resume();
    if (answers) request.on("end", () => response.end());
  });
  servers.push(server);
  return { origin: await listening(server), first: first.promise, requests: () => requests };
}

/** Runs a program with the SDK started; gives how it ended. */
function run(endpoint: string, program: string) {
  const start = `import { initTelemetry } from ${JSON.stringify(SDK)};
    const telemetry = initTelemetry({ serviceName: "child" });
    ${program}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", start], {
    env: {
      ...process.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_BSP_SCHEDULE_DELAY: "1",
      OTEL_METRIC_EXPORT_INTERVAL: "50",
      // Longer than the test may take: a process that waits for an answer is caught.
      OTEL_EXPORTER_OTLP_TIMEOUT: "60000",
    },
    stdio: "ignore",
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  return { child, ended };
}

describe("a process with the SDK", () => {
  it("ends when its own work is done, though an export hangs", async () => {
    const { origin, first } = await receiver(false);
    const { child, ended } = run(
      origin,
      `telemetry.tracer.startSpan("work").end();
       const own = setInterval(() => {}, 1000);
       process.once("SIGUSR2", () => clearInterval(own));`,
    );
    await first;
    child.kill("SIGUSR2");
    expect(await ended).toEqual({ code: 0, signal: null });
  });

  it("waits for the last export when it asks for it", async () => {
    const { origin, requests } = await receiver(true);
    const { ended } = run(
      origin,
      `telemetry.tracer.startSpan("work").end();
       await telemetry.shutdown();
       process.exitCode = 3;`,
    );
    expect(await ended).toEqual({ code: 3, signal: null });
    expect(requests()).toBeGreaterThanOrEqual(2);
  });

  it("dies of SIGTERM as it would without, and of an uncaught error with code 1", async () => {
    const { origin, first } = await receiver(true);
    const forever = run(origin, "setInterval(() => {}, 1000);");
    await first;
    forever.child.kill("SIGTERM");
    expect(await forever.ended).toEqual({ code: null, signal: "SIGTERM" });
    const failing = run(origin, 'setTimeout(() => { throw new Error("own"); }, 1);');
    expect((await failing.ended).code).toBe(1);
  });
});
