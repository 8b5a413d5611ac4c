/**
 * Queries that are made to hurt, against a real server with 2,000 series in memory: status, wall
 * time and growth of memory of each. Prints one JSON line. Usage: node bench/hostile-queries.ts
 */
import { labelsFromRecord } from "@avx/model";
import { encodeWriteRequest, snappyEncode } from "@avx/wire";
import { cpuMs, residentMb } from "./process-usage.ts";
import { startServer } from "./server-process.ts";

const SERIES = 2_000;
const SAMPLES = 240;
const STEP_MS = 15_000;
/** Each is asked this often. */
const ROUNDS = 5;
/** A request may bring 100,000 points. */
const PARTS = 5;

const QUERIES: Readonly<Record<string, string>> = {
  subqueryOf30DaysBy1ms: "max_over_time(x[30d:1ms])",
  nestedSubqueries: "max_over_time(max_over_time(m[1d:1s])[1d:1s])",
  durationBeyondTime: "x[99999999999999999999y]",
  parentheses100k: `${"(".repeat(100_000)}1${")".repeat(100_000)}`,
  parentheses8k: `${"(".repeat(8_000)}1${")".repeat(8_000)}`,
  queryOf64Kib: `m${" ".repeat(65_536)}`,
  backtrackingRegex: 'count(m{text=~"(a+)+$"})',
  regexOfRepeats: 'm{n=~"((a{1000}){1000}){1000}"}',
  crossProduct: "m + on() group_left m",
  allSeriesTwice: '{__name__=~".+"} * on(n) group_left {__name__=~".+"}',
};

/** One request of the data: a fifth of the series. */
function body(part: number, endMs: number): Uint8Array {
  const count = SERIES / PARTS;
  const series = Array.from({ length: count }, (_, k) => part * count + k).map((i) => ({
    labels: labelsFromRecord({ __name__: "m", n: `${i}`, text: `${"a".repeat(200)}${i}!` }),
    timestampsMs: Float64Array.from({ length: SAMPLES }, (_, k) => endMs - (SAMPLES - k) * STEP_MS),
    values: Float64Array.from({ length: SAMPLES }, (_, k) => k + i),
  }));
  return snappyEncode(encodeWriteRequest({ series, metadata: [], exemplars: [] }));
}

async function write(url: string, content: Uint8Array): Promise<void> {
  const headers = { "content-type": "application/x-protobuf", "content-encoding": "snappy" };
  const reply = await fetch(`${url}/api/v1/write`, {
    method: "POST",
    headers,
    body: Buffer.from(content),
  });
  if (!reply.ok) throw new Error(`write: ${reply.status} ${await reply.text()}`);
}

async function ask(url: string, query: string): Promise<{ status: number; ms: number }> {
  const begun = performance.now();
  const reply = await fetch(`${url}/api/v1/query`, {
    method: "POST",
    body: new URLSearchParams({ query }),
  });
  await reply.arrayBuffer();
  return { status: reply.status, ms: performance.now() - begun };
}

const server = await startServer(["--store", "memory"]);
try {
  const endMs = Date.now();
  for (let part = 0; part < PARTS; part++) await write(server.url, body(part, endMs));
  for (let i = 0; i < 50; i++) await ask(server.url, "sum(m)");
  const figures: Record<string, unknown> = {};
  for (const [name, query] of Object.entries(QUERIES)) {
    const before = { mb: residentMb(server.pid), cpu: cpuMs(server.pid) };
    const answers = [];
    for (let i = 0; i < ROUNDS; i++) answers.push(await ask(server.url, query));
    const walls = answers.map(({ ms }) => ms).sort((a, b) => a - b);
    figures[name] = {
      status: answers[0]?.status,
      medianMs: Math.round(walls[ROUNDS >> 1] ?? 0),
      worstMs: Math.round(walls.at(-1) ?? 0),
      cpuMs: (cpuMs(server.pid) - before.cpu) / ROUNDS,
      grownMb: Math.max(0, Math.round(residentMb(server.pid) - before.mb)),
    };
  }
  process.stdout.write(`${JSON.stringify({ series: SERIES, queries: figures })}\n`);
} finally {
  await server.stop();
}
