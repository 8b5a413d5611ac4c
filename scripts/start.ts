/**
 * `npm start`: the whole product on this machine. Builds the page when it is not built, then runs
 * the server, avx-gateway, avx-api-core and the traffic generator until Ctrl-C.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const WATCH = process.argv.includes("--watch");
/** The embedded engine's library alone needs a second or two on a cold disk. */
const READY_TIMEOUT_MS = 60_000;
/** Server and services drain within 10 s; after that nothing is waiting for an answer. */
const STOP_TIMEOUT_MS = 12_000;

interface Part {
  readonly name: string;
  readonly entry: string;
  readonly args: readonly string[];
  /** HOST:PORT it will listen on, and the variable that changes it. */
  readonly listens?: readonly (readonly [address: string, variable: string])[];
  /** Answers 2xx once the part is up; undefined for the traffic generator. */
  readonly readyUrl?: string;
  readonly shownUrl?: string;
}

const env = process.env;
const listen = env["AVX_LISTEN"] ?? "127.0.0.1:8600";
const otlpListen = env["AVX_OTLP_LISTEN"] ?? "127.0.0.1:4318";
const gatewayPort = env["AVX_GATEWAY_PORT"] ?? "8080";
const corePort = env["AVX_API_CORE_PORT"] ?? "8081";

const PARTS: readonly Part[] = [
  {
    name: "server",
    entry: "packages/avx-telemetry/bin/avx.js",
    args: ["serve", "--listen", listen, "--otlp-listen", otlpListen, "--log-format", "pretty"],
    listens: [
      [listen, "AVX_LISTEN"],
      [otlpListen, "AVX_OTLP_LISTEN"],
    ],
    readyUrl: `http://${listen}/-/ready`,
    shownUrl: `http://${listen}/`,
  },
  {
    name: "avx-api-core",
    entry: "services/api-core/src/main.ts",
    args: ["--port", corePort],
    listens: [[`127.0.0.1:${corePort}`, "AVX_API_CORE_PORT"]],
    readyUrl: `http://127.0.0.1:${corePort}/health`,
    shownUrl: `http://127.0.0.1:${corePort}/docs`,
  },
  {
    name: "avx-gateway",
    entry: "services/gateway/src/main.ts",
    args: ["--port", gatewayPort, "--upstream", `http://127.0.0.1:${corePort}`],
    listens: [[`127.0.0.1:${gatewayPort}`, "AVX_GATEWAY_PORT"]],
    readyUrl: `http://127.0.0.1:${gatewayPort}/health`,
    shownUrl: `http://127.0.0.1:${gatewayPort}/docs`,
  },
  {
    name: "traffic",
    entry: "scripts/demo-traffic.ts",
    args: ["--target", `http://127.0.0.1:${gatewayPort}`],
  },
];

const children = new Map<string, ChildProcess>();
let stopping = false;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The newest change below a folder, 0 when it does not exist. */
function newestMs(directory: string): number {
  if (!existsSync(directory)) return 0;
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((name) => statSync(join(directory, name)).mtimeMs)
    .reduce((newest, time) => Math.max(newest, time), 0);
}

function buildPageIfStale(): void {
  const dashboard = join(ROOT, "packages/dashboard");
  if (newestMs(join(dashboard, "dist")) > newestMs(join(dashboard, "src"))) return;
  say("building the page ...");
  const vite = join(ROOT, "node_modules/vite/bin/vite.js");
  const built = spawnSync(process.execPath, [vite, "build", "packages/dashboard"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (built.status !== 0) {
    say(`the page could not be built:\n${built.stdout}${built.stderr}`);
    process.exit(1);
  }
}

function startPart(part: Part): void {
  const watch = WATCH && part.name !== "traffic" ? ["--watch", "--watch-preserve-output"] : [];
  const child = spawn(process.execPath, [...watch, part.entry, ...part.args], {
    cwd: ROOT,
    env: {
      ...env,
      OTEL_EXPORTER_OTLP_ENDPOINT: env["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? `http://${otlpListen}`,
      OTEL_METRIC_EXPORT_INTERVAL: env["OTEL_METRIC_EXPORT_INTERVAL"] ?? "2000",
      AVX_SERVER_URL: env["AVX_SERVER_URL"] ?? `http://${listen}`,
    },
    // A group of its own, so that Ctrl-C reaches the parts only through us, in order.
    detached: true,
    stdio: ["ignore", "inherit", "inherit"],
  });
  children.set(part.name, child);
  child.on("exit", (code, signal) => {
    children.delete(part.name);
    if (stopping) return;
    say(`${part.name} stopped by itself (${signal ?? `exit code ${code}`}); stopping the rest`);
    void stopAll(1);
  });
}

async function untilReady(part: Part): Promise<void> {
  if (part.readyUrl === undefined) return;
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!stopping) {
    const up = await fetch(part.readyUrl).then(
      (answer) => answer.ok,
      () => false,
    );
    if (up) return say(`${part.name} is up: ${part.shownUrl ?? ""}`);
    if (Date.now() > deadline) {
      say(`${part.name} did not get ready within ${READY_TIMEOUT_MS / 1000} s`);
      return stopAll(1);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Traffic first, then the services (they flush to the server), the server last. */
async function stopAll(exitCode: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  for (const part of [...PARTS].reverse()) {
    const child = children.get(part.name);
    if (child === undefined) continue;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await gone;
    clearTimeout(timer);
  }
  say("all stopped");
  process.exit(exitCode);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => void stopAll(0));
}

/** All ports are asked for first: a part that finds its port taken would stop the others half-way. */
async function requireFreePorts(): Promise<void> {
  for (const [address, variable] of PARTS.flatMap((part) => part.listens ?? [])) {
    const mark = address.lastIndexOf(":");
    const [host, port] = [address.slice(0, mark), Number(address.slice(mark + 1))];
    const free = await new Promise((resolve) => {
      const probe = createServer().once("error", () => resolve(false));
      probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(true)));
    });
    if (free) continue;
    say(`port ${port} on ${host} is taken: stop what listens there, or set ${variable} to another`);
    process.exit(1);
  }
}

await requireFreePorts();
buildPageIfStale();
for (const part of PARTS) {
  startPart(part);
  await untilReady(part);
}
if (!stopping) say(`ready: open http://${listen}/ (Ctrl-C stops everything)`);
