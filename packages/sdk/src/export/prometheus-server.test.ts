import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { initTelemetry } from "../init-telemetry.ts";

async function takenPort() {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a TCP server has one
  return { port, free: () => new Promise((resolve) => server.close(resolve)) };
}

function scraped(port: number, lines: string[] = []) {
  const telemetry = initTelemetry({
    environment: {
      OTEL_METRICS_EXPORTER: "prometheus",
      OTEL_EXPORTER_PROMETHEUS_HOST: "127.0.0.1",
      OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
      OTEL_TRACES_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
    },
    runtimeMetrics: false,
    observeServers: true,
    writeLog: (line) => lines.push(line),
  });
  onTestFinished(() => telemetry.shutdown());
  return telemetry;
}

describe("OTEL_METRICS_EXPORTER=prometheus", () => {
  it("serves the metrics, and does not count that it was asked", async () => {
    const { port, free } = await takenPort();
    await free();
    const telemetry = scraped(port);
    telemetry.metrics.createCounter("jobs").add(3);
    const origin = `http://127.0.0.1:${port}`;
    // The port is bound in a later turn of the event loop.
    const ready = async (): Promise<Response> => fetch(`${origin}/metrics`).catch(() => ready());
    const answer = await ready();
    expect(answer.headers.get("content-type")).toContain("text/plain");
    const text = await answer.text();
    expect(text).toContain("jobs_total 3");
    expect(text).not.toContain("http_server_request_duration_seconds_count");
    expect((await fetch(`${origin}/other`)).status).toBe(404);
    const again = await (await fetch(`${origin}/metrics?x=1`)).text();
    expect(again).not.toContain("http_server_request_duration_seconds_count");
  });

  it("reports a port that is taken, and the service goes on", async () => {
    const { port, free } = await takenPort();
    const lines: string[] = [];
    scraped(port, lines);
    await new Promise<void>((resolve) => {
      const look = () => (lines.length > 0 ? resolve() : void setImmediate(look));
      look();
    });
    expect(lines.join("")).toContain(`cannot serve metrics on 127.0.0.1:${port}`);
    await free();
    const server = createServer((_request, response) => response.end("ok")).listen(0);
    await once(server, "listening");
    const own = server.address() as AddressInfo; // a TCP server has one
    expect(await (await fetch(`http://127.0.0.1:${own.port}`)).text()).toBe("ok");
    server.closeAllConnections();
    server.close();
  });
});
