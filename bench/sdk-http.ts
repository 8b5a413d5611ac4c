/**
 * CPU that the SDK adds to a request: a node:http server without and with it, metrics only, 10 % and
 * all requests traced, exporting to a local receiver. Every variant is a process of its own; they are
 * loaded in turn by 16 kept-alive connections from this one. The figure is the CPU time of the server
 * process by request (all its threads), the least of several rounds, for the machine is shared.
 * Prints one JSON line, microseconds a request.
 */
import { type ChildProcess, fork } from "node:child_process";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { initTelemetry, type TelemetryOptions } from "@avx/sdk";

const ROUNDS = 10;
const ROUND_MS = 800;
const CONNECTIONS = 16;
const EXPORT = { OTEL_METRIC_EXPORT_INTERVAL: "1000", OTEL_BSP_SCHEDULE_DELAY: "1000" };

const VARIANTS: Readonly<Record<string, Readonly<Record<string, string>> | undefined>> = {
  bare: undefined,
  "metrics only": { ...EXPORT, OTEL_TRACES_SAMPLER: "always_off", OTEL_TRACES_EXPORTER: "none" },
  "10 % traced": {
    ...EXPORT,
    OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
    OTEL_TRACES_SAMPLER_ARG: "0.1",
  },
  "all traced": EXPORT,
};

interface Usage {
  readonly port: number;
  readonly cpuMicros: number;
}

/** The child: listens, and tells its CPU time whenever it is asked. */
function serve(variant: string, endpoint: string): void {
  const body = JSON.stringify({ hello: "world" });
  const headers = { "content-type": "application/json", "content-length": body.length };
  const hello: RequestListener = (_request, response) => {
    response.writeHead(200, headers).end(body);
  };
  const server = createServer(observed(variant, endpoint, hello));
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo; // a TCP server has one
    const tell = (): void => {
      const { user, system } = process.cpuUsage();
      process.send?.({ port, cpuMicros: user + system } satisfies Usage);
    };
    process.on("message", tell);
    tell();
  });
  process.on("disconnect", () => process.exit(0));
}

function observed(variant: string, endpoint: string, listener: RequestListener): RequestListener {
  const environment = VARIANTS[variant];
  if (environment === undefined) return listener;
  const options: TelemetryOptions = {
    serviceName: "bench",
    environment: { ...environment, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint },
  };
  const telemetry = initTelemetry(options);
  return telemetry.middleware.nodeHttp((request, response) => {
    telemetry.setRoute(request, "/hello/:id");
    listener(request, response);
  });
}

/** Sends requests over kept-alive connections for the time; gives how many were answered. */
function load(port: number): Promise<number> {
  const request = "GET /hello/1 HTTP/1.1\r\nhost: bench\r\n\r\n";
  const endMs = Date.now() + ROUND_MS;
  const connections = Array.from({ length: CONNECTIONS }, () => {
    const socket = connect(port, "127.0.0.1");
    let answered = 0;
    socket.on("connect", () => socket.write(request));
    socket.on("data", () => {
      answered++;
      if (Date.now() < endMs) socket.write(request);
      else socket.destroy();
    });
    return new Promise<number>((resolve) => socket.once("close", () => resolve(answered)));
  });
  return Promise.all(connections).then((counts) => counts.reduce((sum, count) => sum + count, 0));
}

function usageOf(child: ChildProcess): Promise<Usage> {
  return new Promise((resolve) => child.once("message", (usage) => resolve(usage as Usage))); // sent by serve()
}

async function measure(): Promise<void> {
  const sink = createServer((request, response) => {
    request.resume().on("end", () => response.end());
  });
  await new Promise<void>((resolve) => sink.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(sink.address() as AddressInfo).port}`; // as above
  const children = new Map<string, { child: ChildProcess; port: number }>();
  for (const variant of Object.keys(VARIANTS)) {
    const child = fork(import.meta.filename, [variant, endpoint]);
    children.set(variant, { child, port: (await usageOf(child)).port });
  }
  const least = new Map<string, number>();
  for (let round = -1; round < ROUNDS; round++) {
    for (const [variant, { child, port }] of children) {
      const micros = await microsPerRequest(child, port);
      // The first round warms up.
      if (round >= 0) least.set(variant, Math.min(least.get(variant) ?? Infinity, micros));
    }
  }
  for (const { child } of children.values()) child.disconnect();
  sink.closeAllConnections();
  sink.close();
  console.log(JSON.stringify(figures(least)));
}

async function microsPerRequest(child: ChildProcess, port: number): Promise<number> {
  child.send("usage");
  const before = await usageOf(child);
  const requests = await load(port);
  child.send("usage");
  const after = await usageOf(child);
  return (after.cpuMicros - before.cpuMicros) / requests;
}

function figures(least: ReadonlyMap<string, number>): Record<string, Record<string, number>> {
  const bare = least.get("bare") ?? Number.NaN;
  const rounded = (value: number): number => Math.round(value * 10) / 10;
  const all = [...least].map(([name, value]) => [name, rounded(value)]);
  const added = [...least].slice(1).map(([name, value]) => [name, rounded(value - bare)]);
  return {
    "CPU us a request": Object.fromEntries(all),
    "added by the SDK": Object.fromEntries(added),
  };
}

const [variant, endpoint] = process.argv.slice(2);
if (variant !== undefined && endpoint !== undefined) serve(variant, endpoint);
else await measure();
