import { HEAD_KEEP_MS } from "../embedded/chunks/block-cutter.ts";
import { DEFAULT_EMBEDDED_LIMITS } from "../embedded/embedded-limits.ts";
import { EmbeddedMetrics } from "../embedded/embedded-metrics.ts";
import { FakeChunkStore } from "./fake-chunk-store.ts";
import { batchOf, NEVER, seriesOf, T0 } from "./sample-data.ts";
import { SimulatedDisk, seededRandom } from "./simulated-disk.ts";

const HOUR_MS = 3_600_000;
const RANGE = { startMs: 0, endMs: 2 * T0 };
const NAMES = ["m0", "m1", "m2"];

/** Between one opening and the next loss of power. */
const LIVES = 3;
const STEPS = 12;

/** Calls of the disk that an opening needs: faults come after it. */
const OPENING_CALLS = 20;

/** What came of many histories. The last four must be 0. */
export interface HistoryCounts {
  histories: number;
  lives: number;
  faults: number;
  ackedAppends: number;
  ackedDeletions: number;
  /** Acknowledged samples that were not there any more. */
  lost: number;
  /** Acknowledged samples that gave way to an earlier value. */
  reverted: number;
  /** Samples that nobody wrote. */
  invented: number;
  /** Samples that were there again after their deletion had been acknowledged. */
  undeleted: number;
}

interface World {
  readonly random: () => number;
  readonly disk: SimulatedDisk;
  readonly chunks: FakeChunkStore;
  nowMs: number;
}

/** What is known of the sample of one series and time. */
interface Known {
  /** The last acknowledged value. */
  acked: number | undefined;
  /** Values that may be there, as their append failed, or came before the acknowledged one. */
  readonly possible: Set<number>;
  /** Values whose deletion was acknowledged. */
  readonly deleted: Set<number>;
}

/**
 * Runs one history for each seed from `first` on: three lives of appends, cuts, deletions and flushes
 * at random, over a disk of which every tenth call fails or is torn and an engine of which every third
 * does, each life ended by a loss of power that takes what was not synced. Everything acknowledged
 * must be there afterwards, and nothing else.
 */
export async function runMetricHistories(first: number, histories: number): Promise<HistoryCounts> {
  const counts: HistoryCounts = {
    ...{ histories, lives: 0, faults: 0, ackedAppends: 0, ackedDeletions: 0 },
    ...{ lost: 0, reverted: 0, invented: 0, undeleted: 0 },
  };
  for (let seed = first; seed < first + histories; seed++) await runHistory(seed, counts);
  return counts;
}

async function runHistory(seed: number, counts: HistoryCounts): Promise<void> {
  const random = seededRandom(seed);
  const chunks = new FakeChunkStore();
  const world: World = { random, disk: new SimulatedDisk(random), chunks, nowMs: T0 };
  const known = new Map<string, Known>();
  for (let life = 0; life < LIVES; life++) {
    counts.lives++;
    breakThings(world, counts);
    const metrics = await openMetrics(world);
    for (let step = 0; step < STEPS; step++) {
      await takeStep(metrics, { world, known, counts, value: life * 1000 + step });
    }
    world.disk.losePower();
    world.disk.faultAt = () => undefined;
    chunks.fault = () => undefined;
    compare(await dump(await openMetrics(world)), known, counts);
  }
}

function breakThings({ random, disk, chunks }: World, counts: HistoryCounts): void {
  const firstCall = disk.calls + OPENING_CALLS;
  disk.faultAt = (call) => {
    if (call < firstCall || random() > 0.1) return undefined;
    counts.faults++;
    return (["EIO", "ENOSPC", "torn"] as const)[Math.floor(random() * 3)];
  };
  chunks.fault = () => {
    if (random() > 0.3) return undefined;
    counts.faults++;
    return random() > 0.5 ? "before" : "after";
  };
}

function openMetrics(world: World): Promise<EmbeddedMetrics> {
  return EmbeddedMetrics.open({
    walDir: "/wal",
    fileSystem: world.disk,
    chunks: world.chunks,
    retentionMs: "off",
    nowMs: () => world.nowMs,
    log: () => {},
    limits: DEFAULT_EMBEDDED_LIMITS,
  });
}

interface Step {
  readonly world: World;
  readonly known: Map<string, Known>;
  readonly counts: HistoryCounts;
  readonly value: number;
}

async function takeStep(metrics: EmbeddedMetrics, step: Step): Promise<void> {
  const { world, known, counts, value } = step;
  const { random } = world;
  if (random() < 0.25) await metrics.flush().catch(() => {});
  if (random() < 0.25) await metrics.maintain().catch(() => {});
  world.nowMs += random() * (HOUR_MS + HEAD_KEEP_MS);
  if (random() < 0.08) await remove(metrics, step);
  const name = NAMES[Math.floor(random() * NAMES.length)] ?? "";
  const timeMs = T0 + Math.floor(random() * 5) * HOUR_MS + Math.floor(random() * 4);
  const key = `${name} ${timeMs}`;
  const of: Known = known.get(key) ?? { acked: undefined, possible: new Set(), deleted: new Set() };
  known.set(key, of);
  try {
    await metrics.append(batchOf(seriesOf({ __name__: name }, [[timeMs, value]])));
    if (of.acked !== undefined) of.possible.add(of.acked);
    of.acked = value;
    counts.ackedAppends++;
  } catch {
    of.possible.add(value);
  }
}

async function remove(metrics: EmbeddedMetrics, { world, known, counts }: Step): Promise<void> {
  const name = NAMES[Math.floor(world.random() * NAMES.length)] ?? "";
  const startMs = T0 + Math.floor(world.random() * 4) * HOUR_MS;
  const range = { startMs, endMs: startMs + 2 * HOUR_MS };
  const within = [...known].filter(([key]) => {
    const [of, timeMs] = key.split(" ");
    return of === name && Number(timeMs) >= range.startMs && Number(timeMs) <= range.endMs;
  });
  let isDone = true;
  await metrics.deleteSeries([[{ name: "__name__", op: "=", value: name }]], range).catch(() => {
    isDone = false;
  });
  if (isDone) counts.ackedDeletions++;
  for (const [, of] of within) {
    if (of.acked === undefined) continue;
    if (isDone) of.deleted.add(of.acked);
    else of.possible.add(of.acked);
    of.acked = undefined;
  }
}

/** All samples, by metric and time. */
async function dump(metrics: EmbeddedMetrics): Promise<ReadonlyMap<string, number>> {
  const all = new Map<string, number>();
  for (const { labels, timestampsMs, values } of await metrics.select([], RANGE, NEVER)) {
    for (const [i, timeMs] of timestampsMs.entries()) all.set(`${labels[1]} ${timeMs}`, values[i]!);
  }
  return all;
}

function compare(
  found: ReadonlyMap<string, number>,
  known: ReadonlyMap<string, Known>,
  counts: HistoryCounts,
): void {
  for (const [key, value] of found) {
    const of = known.get(key);
    if (of?.acked === value || of?.possible.has(value)) continue;
    if (of?.deleted.has(value)) counts.undeleted++;
    else counts.invented++;
  }
  for (const [key, { acked }] of known) {
    const value = found.get(key);
    if (acked === undefined) continue;
    if (value === undefined) counts.lost++;
    // A later value that failed may be there all the same; an earlier one must not.
    else if (value < acked) counts.reverted++;
  }
}
