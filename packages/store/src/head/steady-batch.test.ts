import type { Labels, PackedSeries } from "@avx/model";
import { labelsFromRecord } from "@avx/model";
import { describe, expect, it } from "vitest";
import { DEFAULT_EMBEDDED_LIMITS } from "../embedded/embedded-limits.ts";
import { EmbeddedMetrics } from "../embedded/embedded-metrics.ts";
import { FakeChunkStore } from "../testing/fake-chunk-store.ts";
import { bitsOf, NEVER, T0 } from "../testing/sample-data.ts";
import { SimulatedDisk, seededRandom } from "../testing/simulated-disk.ts";
import { Head } from "./head.ts";
import { BLOCK_MS } from "./sample-block.ts";

const HOUR_MS = 3_600_000;
const ALL = { startMs: -1e14, endMs: 1e14 };
const STALE = Buffer.from([2, 0, 0, 0, 0, 0, 0xf0, 0x7f]);

const labelsOf = (i: number): Labels => labelsFromRecord({ __name__: "m", n: `${i % 7}` });
/** Of another service and metric than the steady series. */
const LIST = Array.from({ length: 8 }, (_, i) => labelsOf(i));

/** A request of the list; rarely with late, future, unordered, fractional or missing samples. */
function packedOf(labels: readonly Labels[], random: () => number, step: number): PackedSeries {
  const counts = labels.map(() => (random() < 0.02 ? 0 : 1 + Math.floor(random() * 40)));
  const length = counts.reduce((sum, count) => sum + count, 0);
  const timestampsMs = new Float64Array(length);
  const values = new Float64Array(length);
  const ends = new Uint32Array(labels.length);
  let at = 0;
  counts.forEach((count, i) => {
    let timeMs = T0 + step * 30 * 60_000 - (random() < 0.05 ? HOUR_MS : 0);
    for (let k = 0; k < count; k++, at++) {
      timestampsMs[at] = timeMs;
      values[at] = Math.floor(random() * 1e6) / 8;
      if (random() < 0.02) Buffer.from(values.buffer).set(STALE, 8 * at);
      timeMs += random() < 0.001 ? -7 : 15_000 + Math.floor(random() * 30_000);
      if (random() < 0.001) timeMs += 0.25;
      if (random() < 0.001) timeMs += 1000 * HOUR_MS;
    }
    ends[i] = at;
  });
  return { labels, ends, timestampsMs, values };
}

const open = (disk: SimulatedDisk, chunks: FakeChunkStore, nowMs: () => number) =>
  EmbeddedMetrics.open({
    ...{ walDir: "/wal", fileSystem: disk, chunks, nowMs, log: () => {} },
    ...{ retentionMs: 300 * HOUR_MS, limits: DEFAULT_EMBEDDED_LIMITS },
  });

async function dump(metrics: EmbeddedMetrics): Promise<unknown> {
  const found = await metrics.select([], ALL, NEVER);
  return found.map(({ labels, timestampsMs, values }) => [
    labels,
    [...timestampsMs],
    bitsOf(values),
  ]);
}

describe("a list of series that comes again", () => {
  it.each([1, 2, 3, 4, 5, 6])(
    "is stored and logged as if it were new each time (%d)",
    async (seed) => {
      const random = seededRandom(seed);
      let nowMs = T0;
      const disks = [new SimulatedDisk(random), new SimulatedDisk(random)] as const;
      const chunks = [new FakeChunkStore(), new FakeChunkStore()] as const;
      const stores = await Promise.all(disks.map((disk, i) => open(disk, chunks[i]!, () => nowMs)));
      for (let step = 0; step < 40; step++) {
        nowMs = T0 + step * 30 * 60_000;
        const packed = packedOf(LIST, random, step);
        const rest = { series: [], metadata: [], exemplars: [] };
        const fresh = { ...packed, labels: packed.labels.map((labels) => [...labels]) };
        const [known, general] = await Promise.all([
          stores[0]!.append({ ...rest, packed }),
          stores[1]!.append({ ...rest, packed: fresh as unknown as PackedSeries }),
        ]);
        expect(known).toEqual(general);
        if (random() < 0.1) await Promise.all(stores.map((store) => store.flush()));
      }
      expect(stores[0]!.head.sampleCount).toBe(stores[1]!.head.sampleCount);
      expect(stores[0]!.arrivals()).toEqual(stores[1]!.arrivals());
      expect(await dump(stores[0]!)).toEqual(await dump(stores[1]!));
      await Promise.all(stores.map((store) => store.close()));
      const again = await Promise.all(disks.map((disk, i) => open(disk, chunks[i]!, () => nowMs)));
      expect(await dump(again[0]!)).toEqual(await dump(stores[0]!));
      expect(await dump(again[1]!)).toEqual(await dump(stores[0]!));
    },
  );

  it("is not forgotten while a batch of it waits for the log", () => {
    const head = new Head({ maxSeries: 100 });
    const window = { oldestMs: -1e15, newestMs: 1e15 };
    const packedAt = (timeMs: number): PackedSeries => ({
      labels: LIST.slice(0, 7),
      ends: Uint32Array.from({ length: 7 }, (_, i) => i + 1),
      timestampsMs: new Float64Array(7).fill(timeMs),
      values: new Float64Array(7).fill(timeMs),
    });
    const labels = packedAt(0).labels;
    const admit = (timeMs: number) => {
      const packed = { ...packedAt(timeMs), labels };
      return head.admit({ series: [], packed, metadata: [], exemplars: [] }, window);
    };
    head.write(admit(1).taken);
    const waiting = admit(2);
    expect(waiting.taken.steady).toBeDefined();
    head.dropBefore(10 * BLOCK_MS);
    expect([head.sampleCount, head.index.size]).toEqual([0, 7]);
    head.write(waiting.taken);
    expect(head.sampleCount).toBe(7);
    head.abandon(admit(3).taken);
    head.dropBefore(10 * BLOCK_MS);
    expect([head.sampleCount, head.index.size]).toEqual([0, 0]);
  });
});
