import { labelsFromRecord, type SampleColumns } from "@avx/model";
import { describe, expect, it } from "vitest";
import { HeadSeries } from "../../head/head-series.ts";
import { BLOCK_MS, SampleBlock } from "../../head/sample-block.ts";
import { FakeChunkStore } from "../../testing/fake-chunk-store.ts";
import { T0 } from "../../testing/sample-data.ts";
import { withChunkCache } from "./cached-chunks.ts";
import type { Chunk, ChunkStore } from "./chunk-store.ts";

const DAY = { startMs: T0, endMs: T0 + 12 * BLOCK_MS - 1 };

function columnsOf(times: readonly number[]): SampleColumns {
  return {
    timestampsMs: Float64Array.from(times),
    values: Float64Array.from(times, (t) => t % 97),
  };
}

function chunkOf(series: HeadSeries, times: readonly number[]): Chunk {
  const block = new SampleBlock(Math.floor((times[0] ?? 0) / BLOCK_MS) * BLOCK_MS);
  block.write(columnsOf(times), 0, times.length);
  return { series, block };
}

/** A chunk store that counts the series it reads, and the cache over it. */
function world(maxSamples?: number) {
  const store = new FakeChunkStore();
  const reads: number[][] = [];
  const counted: ChunkStore = {
    load: (index) => store.load(index),
    insert: (chunks, token) => store.insert(chunks, token),
    recordCuts: (blocks, position) => store.recordCuts(blocks, position),
    addMetadata: (metadata) => store.addMetadata(metadata),
    dropBefore: () => store.dropBefore(),
    storeExemplars: (snapshot) => store.storeExemplars(snapshot),
    deletedRanges: 0,
    deleteSamples: (ids, range) => store.deleteSamples(ids, range),
    cleanTombstones: () => store.cleanTombstones(),
    read: (series, range) => {
      reads.push(series.map(({ id }) => id));
      return store.read(series, range);
    },
  };
  const series = [1, 2, 3].map((id) => new HeadSeries(id, labelsFromRecord({ n: `${id}` })));
  return { store, reads, series, cached: withChunkCache(counted, maxSamples) };
}

const timesOf = (columns: SampleColumns | undefined) => [...(columns?.timestampsMs ?? [])];

describe("withChunkCache", () => {
  it("reads once, also what is not there, and answers parts of it", async () => {
    const { cached, reads, series } = world();
    const [one, two] = series;
    const times = [T0, T0 + 10, T0 + 20, T0 + 30];
    await cached.insert([chunkOf(one!, times)], "a");
    expect(timesOf((await cached.read([one!, two!], DAY)).get(one!))).toEqual(times);
    const part = await cached.read([one!, two!], { startMs: T0 + 10, endMs: T0 + 20 });
    expect(timesOf(part.get(one!))).toEqual([T0 + 10, T0 + 20]);
    expect(part.has(two!)).toBe(false);
    const nothing = await cached.read([one!], { startMs: T0 + 11, endMs: T0 + 19 });
    expect(nothing.size).toBe(0);
    expect(reads).toEqual([[1, 2]]);
  });

  it("reads only the series that are missing, and again what is wanted over a wider range", async () => {
    const { cached, reads, series } = world();
    await cached.read([series[0]!], DAY);
    await cached.read(series, DAY);
    await cached.read(series, { startMs: DAY.startMs - 1, endMs: DAY.endMs });
    expect(reads).toEqual([[1], [2, 3], [1, 2, 3]]);
  });

  it("sees what is inserted later", async () => {
    const { cached, series } = world();
    const [one] = series;
    await cached.insert([chunkOf(one!, [T0])], "a");
    await cached.read([one!], DAY);
    await cached.insert([chunkOf(one!, [T0 + 5])], "b");
    expect(timesOf((await cached.read([one!], DAY)).get(one!))).toEqual([T0, T0 + 5]);
  });

  it("does not keep what was read while something was inserted", async () => {
    const { store, series } = world();
    const [one] = series;
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow: ChunkStore = Object.assign(Object.create(store), {
      read: async (...[asked, range]: Parameters<ChunkStore["read"]>) => {
        const answer = await store.read(asked, range);
        await gate;
        return answer;
      },
    });
    const cached = withChunkCache(slow);
    const early = cached.read([one!], DAY);
    await cached.insert([chunkOf(one!, [T0 + 5])], "a");
    release();
    expect((await early).size).toBe(0);
    expect(timesOf((await cached.read([one!], DAY)).get(one!))).toEqual([T0 + 5]);
  });

  it("forgets the longest unused series beyond its size, and everything that expires", async () => {
    const { cached, reads, series } = world(4);
    const [one, two, three] = series;
    await cached.insert(
      series.map((each) => chunkOf(each, [T0, T0 + 1])),
      "a",
    );
    for (const each of [one!, two!, one!, three!, one!, two!]) await cached.read([each], DAY);
    expect(reads).toEqual([[1], [2], [3], [2]]);
    await cached.dropBefore(T0);
    await cached.read([two!], DAY);
    expect(reads.at(-1)).toEqual([2]);
  });
});
