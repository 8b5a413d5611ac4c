import { type LabelledSeries, labelsFromRecord } from "@avx/model";
import {
  createMemorySeriesReader,
  createQueryEngine,
  type QueryEngine,
  type SeriesReader,
} from "@avx/promql";

/**
 * CPU time of PromQL evaluation alone: series lie in memory as columns, nothing is read from a disk
 * and nothing is turned into JSON. Prints one JSON line. Run it in its own process:
 * `node bench/promql-eval.ts`.
 */
const SERIES = 400;
const JOBS = 10;
const SCRAPE_MS = 15_000;
const DAY_MS = 86_400_000;
const STEP_MS = 60_000;
const WARM_UPS = 3;
const RUNS = 10;
const START_MS = Date.UTC(2026, 0, 1);

/** Deterministic pseudo-random numbers in [0, 1) (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function counterSeries(s: number): LabelledSeries {
  const random = seededRandom(s + 1);
  const count = DAY_MS / SCRAPE_MS;
  const timestampsMs = new Float64Array(count);
  const values = new Float64Array(count);
  const phaseMs = Math.floor(random() * SCRAPE_MS);
  let value = 0;
  for (let i = 0; i < count; i++) {
    timestampsMs[i] = START_MS + phaseMs + i * SCRAPE_MS;
    value = random() < 0.0005 ? 0 : value + Math.floor(random() * 100);
    values[i] = value;
  }
  const labels = labelsFromRecord({
    __name__: "http_requests_total",
    instance: `10.0.0.${s}:8080`,
    job: `job-${s % JOBS}`,
  });
  return { labels, timestampsMs, values };
}

interface Measured {
  readonly cpuMs: number;
  readonly wallMs: number;
}

async function measure(ask: () => Promise<unknown>, runs: number): Promise<Measured> {
  for (let i = 0; i < WARM_UPS; i++) await ask();
  const wallStart = performance.now();
  const cpuStart = process.cpuUsage();
  for (let i = 0; i < runs; i++) await ask();
  const { user, system } = process.cpuUsage(cpuStart);
  const round = (ms: number) => Math.round((ms / runs) * 100) / 100;
  return { cpuMs: round((user + system) / 1000), wallMs: round(performance.now() - wallStart) };
}

function engineOver(series: readonly LabelledSeries[]): QueryEngine {
  const reader: SeriesReader = createMemorySeriesReader(series);
  return createQueryEngine({
    reader,
    nowMs: () => performance.now(),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
  });
}

const QUERIES = [
  "sum by(job)(rate(http_requests_total[5m]))",
  "rate(http_requests_total[5m])",
  "avg_over_time(http_requests_total[10m])",
  "topk(5, sum by(instance)(rate(http_requests_total[5m])))",
  "rate(http_requests_total[5m]) / on(instance) rate(http_requests_total[5m])",
  "max_over_time(http_requests_total[1h])",
  "quantile_over_time(0.9, http_requests_total[1h])",
];

const engine = engineOver(Array.from({ length: SERIES }, (_, s) => counterSeries(s)));
const day = { startMs: START_MS, endMs: START_MS + DAY_MS, stepMs: STEP_MS };
const range: Record<string, Measured> = {};
const instant: Record<string, Measured> = {};
for (const query of QUERIES) {
  range[query] = await measure(() => engine.range({ query, ...day }), RUNS);
  const timeMs = START_MS + DAY_MS / 2;
  instant[query] = await measure(() => engine.instant({ query, timeMs }), RUNS * 10);
}
process.stdout.write(
  `${JSON.stringify({ name: "promql-eval", series: SERIES, samples: (SERIES * DAY_MS) / SCRAPE_MS, stepMs: STEP_MS, node: process.version, range, instant })}\n`,
);
