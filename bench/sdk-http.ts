/**
 * CPU that the SDK adds to a request: a server without and with it, metrics only, 10 % and all
 * requests traced, preloaded and by middleware, exporting to a local receiver. Every variant is a
 * process of its own; they are loaded in turn by 16 kept-alive connections from this one. The figure
 * is the CPU time of the server process by request (all its threads), the least of several rounds,
 * for the machine is shared. Prints one JSON line, microseconds a request.
 *
 *   node bench/sdk-http.ts [--framework=http|fastify] [--otel=DIR]
 *
 * Without framework it measures both. DIR, or BENCH_OTEL of the environment, holds an installed `@opentelemetry/sdk-node` and `@opentelemetry/instrumentation-http`, 69
 * packages that the repository does not carry for one comparison: OpenTelemetry is then measured in
 * the same run, with the same signals.
 */
import { type ChildProcess, fork } from "node:child_process";
import { createServer, type RequestListener } from "node:http";
import { createRequire } from "node:module";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { initTelemetry, type Telemetry } from "@avx/sdk";
import fastify from "fastify";

const ROUNDS = 8;
const ROUND_MS = 700;
const CONNECTIONS = 16;
/** Nothing is shed: what is compared must do its whole work. */
const EXPORT = {
  OTEL_METRIC_EXPORT_INTERVAL: "1000",
  OTEL_BSP_SCHEDULE_DELAY: "1000",
  OTEL_LOGS_EXPORTER: "none",
  AVX_CPU_BUDGET: "off",
};
const NO_TRACES = { OTEL_TRACES_SAMPLER: "always_off", OTEL_TRACES_EXPORTER: "none" };
const TENTH = { OTEL_TRACES_SAMPLER: "parentbased_traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.1" };

interface Variant {
  readonly by: "middleware" | "auto" | "otel" | "nothing";
  readonly environment: Readonly<Record<string, string>>;
}

const VARIANTS: Readonly<Record<string, Variant>> = {
  bare: { by: "nothing", environment: {} },
  "metrics only": { by: "middleware", environment: { ...EXPORT, ...NO_TRACES } },
  "10 % traced": { by: "middleware", environment: { ...EXPORT, ...TENTH } },
  "all traced": { by: "middleware", environment: EXPORT },
  "auto, metrics only": { by: "auto", environment: { ...EXPORT, ...NO_TRACES } },
  "auto, 10 % traced": { by: "auto", environment: { ...EXPORT, ...TENTH } },
  "OpenTelemetry, metrics only": { by: "otel", environment: { ...EXPORT, ...NO_TRACES } },
  "OpenTelemetry, 10 % traced": { by: "otel", environment: { ...EXPORT, ...TENTH } },
};

interface Usage {
  readonly port: number;
  readonly cpuMicros: number;
}

/** The child: listens, and tells its CPU time whenever it is asked. */
async function serve(name: string, framework: string, otel: string): Promise<void> {
  const by = VARIANTS[name]?.by;
  if (by === "auto") await import("@avx/sdk/auto");
  if (by === "otel") startOpenTelemetry(otel);
  const telemetry = by === "middleware" ? initTelemetry() : undefined;
  const port = framework === "fastify" ? await fastifyPort(telemetry) : await httpPort(telemetry);
  const tell = (): void => {
    const { user, system } = process.cpuUsage();
    process.send?.({ port, cpuMicros: user + system } satisfies Usage);
  };
  process.on("message", tell);
  tell();
  process.on("disconnect", () => process.exit(0));
}

/** As its documentation starts it; through require, which its instrumentation hooks into. */
function startOpenTelemetry(directory: string): void {
  const require = createRequire(join(directory, "/"));
  const { NodeSDK } = require("@opentelemetry/sdk-node");
  const { HttpInstrumentation } = require("@opentelemetry/instrumentation-http");
  new NodeSDK({ instrumentations: [new HttpInstrumentation()] }).start();
  require("node:http");
}

async function httpPort(telemetry: Telemetry | undefined): Promise<number> {
  const body = JSON.stringify({ hello: "world" });
  const headers = { "content-type": "application/json", "content-length": body.length };
  const hello: RequestListener = (request, response) => {
    telemetry?.setRoute(request, "/hello/:id");
    response.writeHead(200, headers).end(body);
  };
  const server = createServer(telemetry?.middleware.nodeHttp(hello) ?? hello);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port; // a TCP server has one
}

async function fastifyPort(telemetry: Telemetry | undefined): Promise<number> {
  const app = fastify();
  if (telemetry !== undefined) await app.register(telemetry.middleware.fastify());
  app.get("/hello/:id", async () => ({ hello: "world" }));
  return Number(new URL(await app.listen({ port: 0, host: "127.0.0.1" })).port);
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

async function measure({ framework, otel }: Choice) {
  const sink = createServer((request, response) => {
    request.resume().on("end", () => response.end());
  });
  await new Promise<void>((resolve) => sink.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(sink.address() as AddressInfo).port}`; // as above
  const children = new Map<string, { child: ChildProcess; port: number }>();
  for (const [variant, { by, environment }] of Object.entries(VARIANTS)) {
    if (by === "otel" && otel === "") continue;
    const env = { ...process.env, ...environment, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
    const parameters = [`--serve=${variant}`, `--framework=${framework}`, `--otel=${otel}`];
    const child = fork(import.meta.filename, parameters, { env });
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
  return figures(least);
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

interface Choice {
  readonly framework: string;
  readonly otel: string;
}

const { values } = parseArgs({
  options: {
    framework: { type: "string", default: "" },
    otel: { type: "string", default: process.env["BENCH_OTEL"] ?? "" },
    serve: { type: "string" },
  },
});
if (values.serve === undefined) {
  const frameworks = values.framework === "" ? ["http", "fastify"] : [values.framework];
  const all: Record<string, unknown> = {};
  for (const framework of frameworks) {
    all[framework] = await measure({ framework, otel: values.otel });
  }
  console.log(JSON.stringify(all));
} else await serve(values.serve, values.framework, values.otel);
