/**
 * The same day of data (1000 series, a sample every 15 s) in Prometheus, VictoriaMetrics and this
 * server, the same ten queries to each in turns: CPU of all processes and wall time a query.
 * Prints one JSON line. The scripts that make the data and ask the queries, `rwsend.mjs` and
 * `pquery.mjs`, are not part of this repository: AVX_RIVALS names their folder.
 * Usage: AVX_RIVALS=../shared/rivals/storage node bench/query-rivals.ts [rounds, default 2]
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { isInstalled, startPrometheus, startVictoriaMetrics } from "./rival-servers.ts";
import { type ServerProcess, startServer } from "./server-process.ts";

const run = promisify(execFile);

const HOUR_MS = 3_600_000;
const SERIES = 1000;
const SCRAPES = 5760;
/** Each server may finish what it does behind the scenes before it is asked. */
const SETTLE_MS = 30_000;

/** One line of `pquery.mjs`. */
interface Measured {
  readonly n: string;
  readonly cpu_ms: number;
  readonly p50: number;
  readonly series: number;
}

function requirement(): string {
  const scripts =
    process.env["AVX_RIVALS"] ?? join(import.meta.dirname, "../../shared/rivals/storage");
  const missing: string[] = [];
  for (const program of ["prometheus", "victoria-metrics"]) {
    if (!isInstalled(program)) {
      missing.push(`${program} (Debian: apt-get install prometheus victoria-metrics)`);
    }
  }
  if (!existsSync(join(scripts, "pquery.mjs"))) missing.push(`pquery.mjs in ${scripts}`);
  if (!existsSync(join(scripts, "node_modules/snappy"))) {
    missing.push(`the package snappy in ${scripts} (npm i snappy there)`);
  }
  if (missing.length === 0) return scripts;
  console.error(`query-rivals needs ${missing.join(", and ")}.`);
  process.exit(2);
}

/** Runs one of the scripts; rejects when it fails. */
async function script(name: string, args: readonly (string | number)[]): Promise<string> {
  const file = join(folder, name);
  const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await run(process.execPath, [file, ...args.map(String)], options);
  return stdout;
}

const folder = requirement();
const rounds = Number(process.argv[2] ?? 2);
const t0 = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 24 * HOUR_MS;
const servers: Record<string, ServerProcess> = {};
try {
  servers["prometheus"] = await startPrometheus();
  servers["victoriaMetrics"] = await startVictoriaMetrics();
  servers["avx"] = await startServer([]);
  for (const { url, pid } of Object.values(servers)) {
    await script("rwsend.mjs", [`${url}/api/v1/write`, SERIES, SCRAPES, pid, t0, 2]);
  }
  await fetch(`${servers["victoriaMetrics"].url}/internal/force_flush`);
  await sleep(SETTLE_MS);
  /** Query -> server -> its best round: what is left out is the noise of the machine. */
  const best: Record<string, Record<string, { cpuMs: number; p50Ms: number; series: number }>> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, { url, pid }] of Object.entries(servers)) {
      const lines = await script("pquery.mjs", [url, t0, name, pid]);
      for (const line of lines.trim().split("\n")) {
        const { n, cpu_ms, p50, series }: Measured = JSON.parse(line);
        const ofQuery = best[n] ?? {};
        best[n] = ofQuery;
        const known = ofQuery[name];
        if (known && known.cpuMs <= cpu_ms) continue;
        ofQuery[name] = { cpuMs: cpu_ms, p50Ms: p50, series };
      }
    }
  }
  process.stdout.write(`${JSON.stringify({ samples: SERIES * SCRAPES, rounds, queries: best })}\n`);
} finally {
  await Promise.all(Object.values(servers).map((server) => server.stop()));
}
