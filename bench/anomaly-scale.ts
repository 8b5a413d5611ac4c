/**
 * What it costs to watch 100,000 series at one sample in 15 s: samples pass the tap in batches of
 * 5,000, the thread of the detectors judges them, scores and bands of the first 10,000 series are
 * stored. The clock is simulated, so CPU seconds by simulated second are the share of a core that it
 * would take. One series in 1,000 jumps, and must open one event. Prints one JSON line.
 * Usage: node bench/anomaly-scale.ts [series, default 100000]
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createRandom } from "@avx/analysis";
import { type LabelledSeries, labelsFromRecord } from "@avx/model";
import { createQueryEngine, parseSelector } from "@avx/promql";
import { createMemoryStore } from "@avx/store";
import {
  createAnomalyJournal,
  type HeldJournal,
} from "../packages/server/src/anomalies/anomaly-journal.ts";
import {
  createDetectionTap,
  watchedSeries,
} from "../packages/server/src/anomalies/detection-tap.ts";
import { createFindingPolicy } from "../packages/server/src/anomalies/finding-policy.ts";
import { createLiveDetection } from "../packages/server/src/anomalies/live-detection.ts";
import { createLocalRoom } from "../packages/server/src/anomalies/local-room.ts";
import { createThreadRoom } from "../packages/server/src/anomalies/thread-room.ts";
import { WatchRegistry } from "../packages/server/src/anomalies/watch-registry.ts";

const SERIES = Number(process.argv[2] ?? 100_000);
const BATCH = 5000;
const STEP_MS = 15_000;
/** Detectors judge from their 48th sample on. */
const WARM_UP_STEPS = 60;
const MEASURED_STEPS = 40;
const JUMP_EACH = 1000;
const MB = 2 ** 20;

setFlagsFromString("--expose-gc");
// Proof of the `as`: the flag above gives every new context this function.
const collectGarbage = runInNewContext("gc") as () => void;

const T0 = 1_700_000_000_000;
let nowMs = T0;
const limits = { maxSeries: 4 * SERIES };
const store = createMemoryStore({ retentionMs: "off", nowMs: () => nowMs, limits });
const journal = createAnomalyJournal();
const held: HeldJournal = createAnomalyJournal();
const policy = createFindingPolicy(SERIES);
const registry = new WatchRegistry(policy.thresholdOf);
const stored = { accepted: BATCH, rejected: 0, reason: "" };
const tap = createDetectionTap({
  append: async () => stored,
  selectors: [parseSelector('{__name__="probe"}')],
  registry,
});
let results = 0;
const detection = createLiveDetection({
  ...{ engine: createQueryEngine({ reader: store.metrics }), tap, registry, journal, held, policy },
  append: async (batch) => {
    results += batch.packed?.values.length ?? 0;
    return store.metrics.append(batch);
  },
  self: { anomalyFound() {}, anomalyWithheld() {} },
  openRoom: createThreadRoom,
});

const labels = Array.from({ length: SERIES }, (_, i) =>
  labelsFromRecord({ __name__: "probe", service_name: `service-${i % 100}`, n: String(i) }),
);
const random = createRandom(1);

/** One sample of each series; those that jump stay high for a while. */
async function step(at: number): Promise<void> {
  nowMs = T0 + at * STEP_MS;
  const jumps = at >= WARM_UP_STEPS + 10;
  for (let from = 0; from < SERIES; from += BATCH) {
    const series: LabelledSeries[] = [];
    for (let i = from; i < Math.min(SERIES, from + BATCH); i++) {
      const high = jumps && i % JUMP_EACH === 0 ? 60 : 0;
      series.push({
        labels: labels[i]!,
        timestampsMs: Float64Array.of(nowMs),
        values: Float64Array.of(20 + random.normal() + high),
      });
    }
    await tap.append({ series, metadata: [], exemplars: [] });
    await detection.judgeSamples();
  }
}

function memory() {
  collectGarbage();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return { rss, live: heapUsed + arrayBuffers };
}

/** Bytes that one watch takes in its thread: state, names, what is open. */
async function watchBytes(): Promise<number> {
  const empty = memory();
  const room = createLocalRoom();
  for (let from = 0; from < SERIES; from += BATCH) {
    const added = labels.slice(from, from + BATCH).map((own, i) => ({
      ...{ id: from + i, series: structuredClone(watchedSeries(own, "probe")), threshold: 0.75 },
    }));
    const column = () => new Float64Array(added.length).fill(1);
    const ids = Uint32Array.from(added, ({ id }) => id);
    await room.judge(added, { ids, timestampsMs: column(), values: column() });
  }
  const full = memory();
  await room.close();
  return (full.live - empty.live) / SERIES;
}

const bytesOfAWatch = await watchBytes();
const before = memory();
for (let at = 0; at < WARM_UP_STEPS; at++) await step(at);
const cpu = process.cpuUsage();
const main = process.threadCpuUsage();
for (let at = 0; at < MEASURED_STEPS; at++) await step(WARM_UP_STEPS + at);
const used = process.cpuUsage(cpu);
const usedByMain = process.threadCpuUsage(main);
const after = memory();
await detection.close();

const simulatedSeconds = (MEASURED_STEPS * STEP_MS) / 1000;
const seconds = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1e6;
const found = journal.search({ service: "", startMs: 0, endMs: nowMs, limit: SERIES });
const opened = new Set(found.map(({ metric }) => metric)).size;
const samples = SERIES * MEASURED_STEPS;
process.stdout.write(
  `${JSON.stringify({
    bench: "anomaly-scale",
    series: registry.size,
    samplesPerSimulatedSecond: Math.round(samples / simulatedSeconds),
    coresUsed: Number((seconds(used) / simulatedSeconds).toFixed(3)),
    coresUsedByTheMainThread: Number((seconds(usedByMain) / simulatedSeconds).toFixed(3)),
    microsecondsPerSample: Number(((seconds(used) * 1e6) / samples).toFixed(2)),
    bytesOfAWatch: Math.round(bytesOfAWatch),
    residentBytesPerSeries: Math.round((after.rss - before.rss) / SERIES),
    storedResults: results,
    dropped: tap.dropped,
    jumps: { wanted: Math.ceil(SERIES / JUMP_EACH), found: opened },
    otherEvents: found.filter(({ value }) => value < 50).length,
    residentMb: Math.round(after.rss / MB),
  })}\n`,
);
