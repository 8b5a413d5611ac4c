/**
 * Kills a process that ingests into the embedded store with SIGKILL at random moments, over and over
 * on one directory, in every second life its engine first, and counts acknowledged samples, spans and
 * log records that are lost or doubled.
 * Prints one JSON line. Usage: node bench/store-kills.ts [rounds, default 50] [seed, default 1]
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEmbeddedStore } from "@avx/store";

/** The child is killed this long after its first acknowledgement, at most. */
const MAX_LIFE_MS = 1500;

const CHILD = join(import.meta.dirname, "../packages/store/src/testing/ingest-child.ts");

/** mulberry32. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Life {
  /** Last append that was acknowledged; all before it were. */
  readonly acked: number;
  /** From the start of the process to its first acknowledgement. */
  readonly readyMs: number;
}

/** The engine of a process that ingests: its only child, on Linux. */
function killEngine(pid: number): boolean {
  const [engine] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  return engine !== undefined && engine !== "" && process.kill(Number(engine), "SIGKILL");
}

let engineKills = 0;

async function live(dataDir: string, life: number, lifeMs: number): Promise<Life> {
  const begun = performance.now();
  const child = fork(CHILD, [dataDir, String(life)], { execArgv: [] });
  let acked = -1;
  let readyMs = 0;
  child.on("message", (n) => {
    acked = Number(n);
    if (readyMs > 0) return;
    readyMs = performance.now() - begun;
    setTimeout(() => child.kill("SIGKILL"), lifeMs);
    if (life % 2 === 0) return;
    setTimeout(() => {
      if (killEngine(child.pid ?? 0)) engineKills++;
    }, lifeMs * random());
  });
  await once(child, "exit");
  return { acked, readyMs };
}

interface Count {
  lost: number;
  doubled: number;
}

function compare(found: readonly string[], lives: readonly Life[]): Count {
  const distinct = new Set(found);
  let lost = 0;
  for (const [life, { acked }] of lives.entries()) {
    for (let n = 0; n <= acked; n++) if (!distinct.has(`${life}.${n}`)) lost++;
  }
  return { lost, doubled: found.length - distinct.size };
}

const rounds = Number(process.argv[2] ?? 50);
const seed = Number(process.argv[3] ?? 1);
const random = seededRandom(seed);
const dataDir = mkdtempSync(join(tmpdir(), "avx-kills-"));
const lives: Life[] = [];
for (let life = 0; life < rounds; life++) {
  lives.push(await live(dataDir, life, random() * MAX_LIFE_MS));
}

const store = await createEmbeddedStore({
  dataDir,
  retentionMs: "off",
  nowMs: Date.now,
  log: () => {},
});
const range = { startMs: 0, endMs: 4e12 };
const traceId = "0af7651916cd43dd8448eb211c80319c";
const spans = (await store.traces.trace(traceId)).map(({ spanId }) => spanId);
const search = { service: "killed", traceId: "", text: "", range, limit: 1_000_000 };
const records = (await store.logs.search(search)).map(({ body }) => String(body));
const matchers = [{ name: "__name__", op: "=", value: "killed" }] as const;
const series = await store.metrics.select(matchers, range, new AbortController().signal);
const samples = series.flatMap(({ labels, values }) =>
  [...values].map((value) => `${labels[3]}.${value}`),
);
await store.close();
rmSync(dataDir, { recursive: true, force: true });

const ready = lives.map(({ readyMs }) => readyMs).sort((a, b) => a - b);
process.stdout.write(
  `${JSON.stringify({
    bench: "store-kills",
    rounds,
    engineKills,
    seed,
    ackedAppends: lives.reduce((sum, { acked }) => sum + acked + 1, 0),
    samples: compare(samples, lives),
    spans: compare(spans, lives),
    logs: compare(records, lives),
    readyP50Ms: Math.round(ready[ready.length >> 1] ?? 0),
    readyP95Ms: Math.round(ready[Math.floor(ready.length * 0.95)] ?? 0),
  })}\n`,
);
