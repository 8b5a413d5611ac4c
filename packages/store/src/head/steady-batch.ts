import type { PackedSeries } from "@avx/model";
import type { AcceptanceWindow } from "./acceptance.ts";
import type { HeadSeries } from "./head-series.ts";
import { BLOCK_MS, blockStartOf } from "./sample-block.ts";

/**
 * The series of a list of labels that comes again and again, with what holds for all of them: asking
 * each of 10,000 series for it costs more than the samples do.
 */
export class SteadyList {
  readonly series: readonly HeadSeries[];
  /** The id of each series. */
  readonly ids: Uint32Array;
  /** The segment of the write-ahead log that has definitions of all these series; 0 = none. */
  definedInSegment = 0;
  /** Admitted batches that are not written yet: no series may be forgotten meanwhile. */
  batchesUnderWay = 0;

  constructor(series: readonly HeadSeries[]) {
    this.series = series;
    this.ids = Uint32Array.from(series, ({ id }) => id);
  }
}

/** Samples of all series of a list, all of them admitted; those of a series lie in one block. */
export interface SteadyBatch {
  readonly list: SteadyList;
  /** Row i belongs to series i of the list. */
  readonly columns: PackedSeries;
  /** Starts of the blocks that the samples lie in, each once. */
  readonly blocks: readonly number[];
  readonly earliestMs: number;
}

/** More blocks at once are left to the general way. */
const MAX_BLOCKS = 4;

/**
 * The samples as one batch, when each series has some, all are within the window, ascend and lie in
 * one block; else undefined, and they have to be taken run by run.
 */
export function steadyBatch(
  list: SteadyList,
  columns: PackedSeries,
  { oldestMs, newestMs }: AcceptanceWindow,
): SteadyBatch | undefined {
  const { ends, timestampsMs } = columns;
  if (columns.startTimestampsMs !== undefined || list.ids.length !== ends.length) return undefined;
  const blocks: number[] = [];
  let blockMs = Number.NaN;
  let earliestMs = Infinity;
  let from = 0;
  for (let i = 0; i < ends.length; i++) {
    const to = ends[i]!;
    if (to <= from) return undefined;
    const firstMs = timestampsMs[from]!;
    const lastMs = timestampsMs[to - 1]!;
    if (!(firstMs >= oldestMs && lastMs <= newestMs)) return undefined;
    if (!areWholeAndAscending(timestampsMs, from, to)) return undefined;
    if (!(firstMs >= blockMs && firstMs < blockMs + BLOCK_MS)) {
      blockMs = blockStartOf(firstMs);
      if (!blocks.includes(blockMs)) blocks.push(blockMs);
      if (blocks.length > MAX_BLOCKS) return undefined;
    }
    if (lastMs >= blockMs + BLOCK_MS) return undefined;
    if (firstMs < earliestMs) earliestMs = firstMs;
    from = to;
  }
  return { list, columns, blocks, earliestMs };
}

function areWholeAndAscending(timesMs: Float64Array, from: number, to: number): boolean {
  let previousMs = -Infinity;
  for (let i = from; i < to; i++) {
    const timeMs = timesMs[i]!;
    if (!(timeMs > previousMs) || Math.floor(timeMs) !== timeMs) return false;
    previousMs = timeMs;
  }
  return true;
}
