import { labelsFromRecord, type SampleColumns } from "@avx/model";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../testing/simulated-disk.ts";
import { HeadSeries } from "./head-series.ts";
import { RecentRuns } from "./recent-runs.ts";
import { BLOCK_MS } from "./sample-block.ts";

const START_MS = 100 * BLOCK_MS;

function seriesOf(n: number): HeadSeries {
  return new HeadSeries(n, labelsFromRecord({ __name__: "x", n: `${n}` }));
}

function write(series: HeadSeries, timestampMs: number, value: number): void {
  const columns = { timestampsMs: Float64Array.of(timestampMs), values: Float64Array.of(value) };
  series.write(columns, 0, 1);
}

const copyOf = (columns: SampleColumns | undefined) =>
  columns && { timestampsMs: [...columns.timestampsMs], values: [...columns.values] };

describe("RecentRuns", () => {
  it("reads what the head has, whatever happens to the series", () => {
    const random = seededRandom(3);
    const runs = new RecentRuns();
    const series = seriesOf(1);
    const given: { columns: SampleColumns; copy: unknown }[] = [];
    let nowMs = START_MS;
    for (let turn = 0; turn < 4000; turn++) {
      const chance = random();
      nowMs += Math.floor(random() * 40_000);
      if (chance < 0.6) write(series, nowMs, random());
      else if (chance < 0.63) write(series, nowMs - Math.floor(random() * 3 * BLOCK_MS), random());
      else if (chance < 0.64) series.freeze(nowMs - (nowMs % BLOCK_MS));
      else if (chance < 0.65 && series.frozen[0]) series.forget(series.frozen[0]);
      else if (chance < 0.655) series.dropBefore(nowMs - 2 * BLOCK_MS);
      const startMs = nowMs - Math.floor(random() * 2 * BLOCK_MS);
      const range = { startMs, endMs: startMs + Math.floor(random() * 2 * BLOCK_MS) };
      const columns = runs.readerOf([series])(series, range);
      expect(copyOf(columns)).toEqual(copyOf(series.read(range)));
      if (columns && turn % 20 === 0) given.push({ columns, copy: copyOf(columns) });
    }
    expect(given.length).toBeGreaterThan(50);
    for (const { columns, copy } of given) expect(copyOf(columns)).toEqual(copy);
  });

  it("copies only what is new", () => {
    const runs = new RecentRuns();
    const series = seriesOf(1);
    for (let i = 0; i < 400; i++) write(series, START_MS + i * 1000, i);
    const range = { startMs: START_MS + 5000, endMs: START_MS + 900_000 };
    const first = runs.readerOf([series])(series, range);
    write(series, START_MS + 400_000, 400);
    const second = runs.readerOf([series])(series, range);
    expect(second?.values).toHaveLength(396);
    expect(second?.values.buffer).toBe(first?.values.buffer);
    write(series, START_MS + 399_500, -1);
    const third = runs.readerOf([series])(series, range);
    expect(third?.values).toHaveLength(397);
    expect(third?.values.buffer).not.toBe(first?.values.buffer);
  });

  it("gives up the longest unused beyond its size, and keeps nothing of a very large read", () => {
    const runs = new RecentRuns(5000);
    const all = Array.from({ length: 8 }, (_, n) => seriesOf(n));
    for (const series of all) {
      for (let i = 0; i < 1000; i++) write(series, START_MS + i * 1000, i);
    }
    const range = { startMs: START_MS, endMs: START_MS + 900_000 };
    const bufferOf = (series: HeadSeries, among = [series]) =>
      runs.readerOf(among)(series, range)?.values.buffer;
    const before = all.map((series) => bufferOf(series));
    const [oldest, newest] = [all[0]!, all[7]!]; // eight series were made
    expect(bufferOf(newest)).toBe(before[7]);
    expect(bufferOf(oldest)).not.toBe(before[0]);
    expect(bufferOf(oldest, all)).not.toBe(bufferOf(oldest, all));
  });

  it("reads histograms and start timestamps as they are", () => {
    const runs = new RecentRuns();
    const series = seriesOf(1);
    const columns = {
      timestampsMs: Float64Array.of(START_MS, START_MS + 1),
      values: Float64Array.of(1, 2),
      startTimestampsMs: Float64Array.of(5, 5),
    };
    series.write(columns, 0, 2);
    const range = { startMs: START_MS, endMs: START_MS + 1 };
    expect(runs.readerOf([series])(series, range)).toEqual(columns);
  });
});
