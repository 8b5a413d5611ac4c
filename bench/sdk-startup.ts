/**
 * What the SDK adds to the start of a process: CPU time and resident memory once an empty program,
 * and a node:http service that listens, is ready; without anything, with the package that
 * `npm run build:packages` makes preloaded, and with OpenTelemetry's. Also what an installation of
 * each takes. Variants run in turn; the figures are medians. Prints one JSON line.
 *
 *   node bench/sdk-startup.ts [--otel=DIR]
 *
 * DIR, or BENCH_OTEL of the environment, holds an installed `@opentelemetry/sdk-node` and
 * `@opentelemetry/instrumentation-http`. Not the repository's own: versions that other packages of
 * it ask for put half of OpenTelemetry there twice, which would make it look slow.
 */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { buildPackage } from "../scripts/packaging/build-package.ts";

const ROUNDS = 21;

/** Told when ready; killed at once, so that no exit is measured. */
const READY = `const { user, system } = process.cpuUsage();
  require("node:fs").writeSync(1, JSON.stringify([(user + system) / 1e3, process.memoryUsage.rss() / 1e6]));
  process.kill(process.pid, "SIGKILL");`;
const PROGRAMS: Readonly<Record<string, string>> = {
  "empty program": `setImmediate(() => { ${READY} });`,
  "http service": `require("node:http").createServer((_, answer) => answer.end())
    .listen(0, "127.0.0.1", () => setImmediate(() => { ${READY} }));`,
};

interface Started {
  readonly cpuMs: number;
  readonly rssMegabytes: number;
}

/** As its documentation starts it, before the program. */
function openTelemetryStart(directory: string): string {
  return `const load = require("node:module").createRequire(${JSON.stringify(join(directory, "/"))});
    const { NodeSDK } = load("@opentelemetry/sdk-node");
    const { HttpInstrumentation } = load("@opentelemetry/instrumentation-http");
    new NodeSDK({ instrumentations: [new HttpInstrumentation()] }).start();`;
}

function start(preload: readonly string[], program: string): Started {
  const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" };
  const run = spawnSync(process.execPath, [...preload, program], { env, encoding: "utf8" });
  const figures: unknown = JSON.parse(run.stdout === "" ? "null" : run.stdout);
  if (!Array.isArray(figures)) throw new Error(`${program} did not start: ${run.stderr}`);
  return { cpuMs: Number(figures[0]), rssMegabytes: Number(figures[1]) };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** What each program with each preload has used when it is ready. */
function measure(directory: string, preloads: Readonly<Record<string, readonly string[]>>) {
  const starts = new Map<string, Started[]>();
  for (const [name, source] of Object.entries(PROGRAMS)) {
    writeFileSync(join(directory, `${name.replace(" ", "-")}.cjs`), source);
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of Object.keys(PROGRAMS)) {
      const program = join(directory, `${name.replace(" ", "-")}.cjs`);
      for (const [variant, preload] of Object.entries(preloads)) {
        const key = `${name}, ${variant}`;
        starts.set(key, [...(starts.get(key) ?? []), start(preload, program)]);
      }
    }
  }
  return Object.fromEntries([...starts].map(([key, all]) => [key, medians(all)]));
}

function medians(all: readonly Started[]): Started {
  return {
    cpuMs: Math.round(median(all.map(({ cpuMs }) => cpuMs)) * 10) / 10,
    rssMegabytes: Math.round(median(all.map(({ rssMegabytes }) => rssMegabytes)) * 10) / 10,
  };
}

/** Packages and bytes that an installation of these folders brings, dependencies included. */
function installed(folders: readonly string[]): { packages: number; megabytes: number } {
  const found = new Set<string>();
  const visit = (folder: string): void => {
    if (found.has(folder)) return;
    found.add(folder);
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    for (const name of Object.keys(manifest.dependencies ?? {})) visit(resolved(name, folder));
  };
  for (const folder of folders) visit(folder);
  const bytes = [...found].reduce((sum, folder) => sum + bytesOf(folder), 0);
  return { packages: found.size, megabytes: Math.round(bytes / 1e4) / 100 };
}

function resolved(name: string, from: string): string {
  const here = join(from, "node_modules", name);
  if (existsSync(here)) return here;
  if (dirname(from) === from) throw new Error(`${name} is not installed`);
  return resolved(name, dirname(from));
}

function bytesOf(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile()) bytes += statSync(path).size;
    else if (entry.isDirectory() && entry.name !== "node_modules") bytes += bytesOf(path);
  }
  return bytes;
}

const { values } = parseArgs({
  options: { otel: { type: "string", default: process.env["BENCH_OTEL"] ?? "" } },
});
const built = await buildPackage();
const directory = mkdtempSync(join(tmpdir(), "sdk-startup-"));
try {
  const rival = join(directory, "opentelemetry.cjs");
  writeFileSync(rival, openTelemetryStart(values.otel));
  const rivals = ["sdk-node", "instrumentation-http"].map((name) =>
    join(values.otel, "node_modules/@opentelemetry", name),
  );
  const ready = measure(directory, {
    bare: [],
    avx: ["--import", join(built.directory, "sdk/auto.js")],
    ...(values.otel === "" ? {} : { OpenTelemetry: ["--require", rival] }),
  });
  const size = {
    avx: installed([built.directory]),
    ...(values.otel === "" ? {} : { OpenTelemetry: installed(rivals) }),
  };
  console.log(JSON.stringify({ ready, installed: size }));
} finally {
  rmSync(directory, { recursive: true });
}
