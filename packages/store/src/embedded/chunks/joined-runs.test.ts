import { labelsFromRecord, type SampleColumns } from "@avx/model";
import { describe, expect, it } from "vitest";
import { HeadSeries } from "../../head/head-series.ts";
import { BLOCK_MS } from "../../head/sample-block.ts";
import { T0 } from "../../testing/sample-data.ts";
import type { ChunkStore } from "./chunk-store.ts";
import { JoinedRuns } from "./joined-runs.ts";

const DAY = { startMs: T0, endMs: T0 + 12 * BLOCK_MS - 1 };

function columnsOf(times: readonly number[], value: number): SampleColumns {
  return { timestampsMs: Float64Array.from(times), values: Float64Array.from(times, () => value) };
}

const pairsOf = (columns: SampleColumns | undefined) =>
  [...(columns?.timestampsMs ?? [])].map((timeMs, i) => [timeMs - T0, columns?.values[i]]);

/** A series with samples of value 1 in the engine, and the runs over it and its head. */
function world(storedTimes: readonly number[]) {
  const series = new HeadSeries(1, labelsFromRecord({ n: "1" }));
  let stored = columnsOf(storedTimes, 1);
  let reads = 0;
  const chunks: Pick<ChunkStore, "read" | "replace"> = {
    read: async () => {
      reads++;
      return new Map(stored.values.length > 0 ? [[series, stored]] : []);
    },
    replace: (_, { columns, by }) => {
      expect(columns).toBe(stored);
      expect(pairsOf(by)).toEqual(pairsOf(stored));
      stored = by;
    },
  };
  const write = (times: readonly number[], value: number) =>
    series.write(columnsOf(times, value), 0, times.length);
  const runs = new JoinedRuns(chunks);
  const read = async (range = DAY) => (await runs.read([series], range)).get(series);
  return { series, write, read, reads: () => reads, stored: () => stored };
}

describe("JoinedRuns", () => {
  it("joins once, and answers parts of it as views", async () => {
    const { write, read, reads } = world([T0, T0 + 10]);
    write([T0 + 20], 2);
    const first = await read();
    expect(pairsOf(first)).toEqual([
      [0, 1],
      [10, 1],
      [20, 2],
    ]);
    const part = await read({ startMs: T0 + 10, endMs: T0 + 15 });
    expect(pairsOf(part)).toEqual([[10, 1]]);
    expect(part?.values.buffer).toBe(first?.values.buffer);
    expect(reads()).toBe(1);
  });

  it("sees what is written later, and leaves earlier answers as they were", async () => {
    const { write, read } = world([T0, T0 + 10]);
    write([T0 + 20], 2);
    const before = await read();
    write([T0 + 20, T0 + 30], 3);
    expect(pairsOf(await read()).slice(2)).toEqual([
      [20, 3],
      [30, 3],
    ]);
    expect(pairsOf(before).at(-1)).toEqual([20, 2]);
  });

  it("lets the head win where the engine has the same time", async () => {
    const { write, read } = world([T0, T0 + 10, T0 + 20]);
    write([T0 + 10, T0 + 15], 2);
    expect(pairsOf(await read())).toEqual([
      [0, 1],
      [10, 2],
      [15, 2],
      [20, 1],
    ]);
  });

  it("reads again when a block moves to the engine or expires", async () => {
    const { series, write, read, reads } = world([]);
    write([T0], 2);
    await read();
    const block = series.freeze(T0);
    await read();
    if (block) series.forget(block);
    expect(await read()).toBeUndefined();
    series.dropBefore(T0 + BLOCK_MS);
    await read();
    expect(reads()).toBe(4);
  });

  it("does not keep what changed while the engine was read", async () => {
    const { write, read } = world([T0]);
    const early = read();
    write([T0 + 10], 2);
    expect(pairsOf(await early)).toEqual([[0, 1]]);
    expect(pairsOf(await read())).toEqual([
      [0, 1],
      [10, 2],
    ]);
  });

  it("shares the memory of the joined run with the cache of the engine's samples", async () => {
    const { write, read, stored } = world([T0, T0 + 10]);
    write([T0 + 20], 2);
    const joined = await read();
    expect(stored().values.buffer).toBe(joined?.values.buffer);
  });
});
