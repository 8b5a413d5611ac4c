/**
 * CPU that the SDK adds to a request: a server without and with it, metrics only, 10 % and all
 * requests traced, preloaded and by middleware, exporting to a local receiver. Every variant is a
 * process of its own; they are loaded in turn by 16 kept-alive connections from this one. The figure
 * is the CPU time of the server process by request (all its threads), the least of many rounds,
 * for the machine is shared. Beside it the requests/s under this load, as the median of their shares
 * of the bare server's in the same round: the sender takes the other core, and its noise is in them.
 * Prints one JSON line, microseconds a request.
 *
 *   node bench/sdk-http.ts [--framework=http|fastify|express] [--otel=DIR]
 *
 * Without framework it measures all three. DIR, or BENCH_OTEL of the environment, holds an installed `@opentelemetry/sdk-node` and `@opentelemetry/instrumentation-http`, 69
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
import express from "express";
import fastify from "fastify";

const ROUNDS = 16;
const ROUND_MS = 350;
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
  const port = await portOf(framework, telemetry);
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

function portOf(framework: string, telemetry: Telemetry | undefined): Promise<number> {
  if (framework === "fastify") return fastifyPort(telemetry);
  return framework === "express" ? expressPort(telemetry) : httpPort(telemetry);
}

async function expressPort(telemetry: Telemetry | undefined): Promise<number> {
  const app = express();
  if (telemetry !== undefined) app.use(telemetry.middleware.express());
  app.get("/hello/:id", (_request, response) => {
    response.json({ hello: "world" });
  });
  return listening(app);
}

async function httpPort(telemetry: Telemetry | undefined): Promise<number> {
  const body = JSON.stringify({ hello: "world" });
  const headers = { "content-type": "application/json", "content-length": body.length };
  const hello: RequestListener = (request, response) => {
    telemetry?.setRoute(request, "/hello/:id");
    response.writeHead(200, headers).end(body);
  };
  return listening(telemetry?.middleware.nodeHttp(hello) ?? hello);
}

async function listening(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
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
  const rounds = new Map<string, Round[]>();
  for (let round = -2; round < ROUNDS; round++) {
    for (const [variant, { child, port }] of children) {
      const measured = await measureRound(child, port);
      // The first two warm up.
      if (round >= 0) rounds.set(variant, [...(rounds.get(variant) ?? []), measured]);
    }
  }
  for (const { child } of children.values()) child.disconnect();
  sink.closeAllConnections();
  sink.close();
  return figures(rounds);
}

interface Round {
  readonly cpuMicros: number;
  readonly requests: number;
}

async function measureRound(child: ChildProcess, port: number): Promise<Round> {
  child.send("usage");
  const before = await usageOf(child);
  const requests = await load(port);
  child.send("usage");
  const after = await usageOf(child);
  return { cpuMicros: (after.cpuMicros - before.cpuMicros) / requests, requests };
}

/** Of all variants but the bare one, which comes first: what they add, and what they keep. */
function figures(
  rounds: ReadonlyMap<string, readonly Round[]>,
): Record<string, Record<string, number>> {
  const least = [...rounds].map(
    ([name, all]) => [name, Math.min(...all.map(({ cpuMicros }) => cpuMicros))] as const,
  );
  const bare = least[0]?.[1] ?? Number.NaN;
  const all = least.map(([name, micros]) => [name, rounded(micros, 10)]);
  const added = least.slice(1).map(([name, micros]) => [name, rounded(micros - bare, 10)]);
  const kept = [...rounds]
    .slice(1)
    .map(([name, own]) => [name, keptShare(own, rounds.get("bare"))]);
  return {
    "CPU us a request": Object.fromEntries(all),
    "added by the SDK": Object.fromEntries(added),
    "share of OpenTelemetry's": shares(Object.fromEntries(added)),
    "requests/s kept": Object.fromEntries(kept),
  };
}

/** What each variant adds by what OpenTelemetry adds for the same signals. */
function shares(added: Record<string, number>): Record<string, number> {
  const share = (own: string, rival: string): number =>
    rounded((added[own] ?? Number.NaN) / (added[`OpenTelemetry, ${rival}`] ?? Number.NaN), 100);
  const names = ["metrics only", "10 % traced"];
  const pairs = names.flatMap((name) => [
    [name, share(name, name)],
    [`auto, ${name}`, share(`auto, ${name}`, name)],
  ]);
  return Object.fromEntries(pairs.filter(([, value]) => !Number.isNaN(value)));
}

function keptShare(own: readonly Round[], bare: readonly Round[] = []): number {
  const sorted = own
    .map(({ requests }, round) => requests / (bare[round]?.requests ?? Number.NaN))
    .toSorted((a, b) => a - b);
  return rounded(sorted[sorted.length >> 1] ?? Number.NaN, 1000);
}

function rounded(value: number, by: number): number {
  return Math.round(value * by) / by;
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
  const frameworks = values.framework === "" ? ["http", "fastify", "express"] : [values.framework];
  const all: Record<string, unknown> = {};
  for (const framework of frameworks) {
    all[framework] = await measure({ framework, otel: values.otel });
  }
  console.log(JSON.stringify(all));
} else await serve(values.serve, values.framework, values.otel);
