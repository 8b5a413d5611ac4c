import { deserialize } from "node:v8";
import type { SampleColumns, TimeRange } from "@avx/model";
import {
  arrays,
  floatData,
  floats,
  int32Data,
  strings,
  uint32s,
} from "../../engine/block-access.ts";
import type { NativeBlock } from "../../engine/native-reader.ts";
import { mergeColumns } from "../../head/merge-columns.ts";
import type { ChunkExtras } from "./chunk-columns.ts";
import { sumDeltas } from "./integer-deltas.ts";
import { TimeGrid } from "./time-grid.ts";

/** What a SELECT must ask for so that `readChunks` can read its answer. */
export const CHUNK_SELECT = `series, toFloat64(block) AS blockMs, cut,
  toFloat64(block + firstOffset) AS firstMs, toFloat64(step) AS stepMs, jitter,
  toFloat64(firstInt) AS first, deltas, floats, extra`;

/** One row of the table `chunks`, cut to the range that was asked for, not decoded yet. */
export interface StoredChunk {
  readonly seriesId: number;
  readonly blockMs: number;
  readonly cut: number;
  readonly times: TimeGrid;
  /** The samples within the range: `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  readonly extras: ChunkExtras | undefined;
  /** Writes the values of the samples within the range from `at` on. */
  readonly writeValues: (target: Float64Array, at: number) => void;
}

/** The chunks of an answer that have samples within the range, in the answer's order. */
export function* readChunks(
  answer: readonly NativeBlock[],
  range: TimeRange,
): Generator<StoredChunk> {
  for (const block of answer) yield* readBlock(block, range);
}

function* readBlock(block: NativeBlock, range: TimeRange): Generator<StoredChunk> {
  const ids = uint32s(block, "series");
  const blockMs = floats(block, "blockMs");
  const cuts = uint32s(block, "cut");
  const firstMs = floats(block, "firstMs");
  const stepMs = floats(block, "stepMs");
  const jitter = arrays(block, "jitter");
  const jitterData = int32Data(jitter.items, "jitter");
  const writer = valueWriter(block);
  const extra = strings(block, "extra");
  for (let row = 0; row < block.rows; row++) {
    const first = row === 0 ? 0 : jitter.ends[row - 1]!;
    const ofRow = jitterData.subarray(first, jitter.ends[row]);
    const times = new TimeGrid(firstMs[row]!, stepMs[row]!, ofRow);
    const from = times.lowerBound(range.startMs);
    const to = times.lowerBound(range.endMs + 0.5);
    if (from >= to) continue;
    yield {
      ...{ seriesId: ids[row]!, blockMs: blockMs[row]!, cut: cuts[row]!, times, from, to },
      extras: readExtras(extra.bytes(row), from, to),
      writeValues: writer(row, from, to),
    };
  }
}

type ValueWriter = (row: number, from: number, to: number) => StoredChunk["writeValues"];

function valueWriter(block: NativeBlock): ValueWriter {
  const asFloats = arrays(block, "floats");
  const floatValues = floatData(asFloats.items, "floats");
  const asDeltas = arrays(block, "deltas");
  const deltaValues = int32Data(asDeltas.items, "deltas");
  const firsts = floats(block, "first");
  return (row, from, to) => {
    const firstDelta = row === 0 ? 0 : asDeltas.ends[row - 1]!;
    const firstFloat = row === 0 ? 0 : asFloats.ends[row - 1]!;
    if (asDeltas.ends[row]! > firstDelta) {
      const deltas = deltaValues.subarray(firstDelta, asDeltas.ends[row]);
      const leastRise = asFloats.ends[row]! > firstFloat ? floatValues[firstFloat]! : 0;
      const run = { first: firsts[row]!, leastRise, deltas, from, to };
      return (target, at) => sumDeltas(run, target, at);
    }
    const values = floatValues.subarray(firstFloat + from, firstFloat + to);
    return (target, at) => target.set(values, at);
  };
}

function readExtras(bytes: Buffer, from: number, to: number): ChunkExtras | undefined {
  if (bytes.length === 0) return undefined;
  // Proof of the `as`: chunkColumns wrote it, from the same type.
  const { histograms, startTimestampsMs } = deserialize(bytes) as ChunkExtras;
  return {
    ...(histograms ? { histograms: histograms.slice(from, to) } : {}),
    ...(startTimestampsMs ? { startTimestampsMs: startTimestampsMs.slice(from, to) } : {}),
  };
}

/** The chunks of one series as one run. Where two have the same timestamp the later cut wins. */
export function assembleChunks(chunks: StoredChunk[]): SampleColumns {
  chunks.sort((a, b) => a.blockMs - b.blockMs || a.cut - b.cut);
  const isPlain = chunks.every(({ extras }) => !extras);
  return isPlain && ascend(chunks) ? decode(chunks) : mergeColumns(inWritingOrder(chunks));
}

function ascend(chunks: readonly StoredChunk[]): boolean {
  for (let i = 1; i < chunks.length; i++) {
    const before = chunks[i - 1]!;
    const { times, from } = chunks[i]!;
    if (before.times.at(before.to - 1) >= times.at(from)) return false;
  }
  return true;
}

/** Decodes straight into the final columns: each copy of a long range would cost as much again. */
function decode(chunks: readonly StoredChunk[]): SampleColumns {
  const total = chunks.reduce((sum, { from, to }) => sum + to - from, 0);
  const timestampsMs = new Float64Array(total);
  const values = new Float64Array(total);
  let at = 0;
  for (const chunk of chunks) {
    chunk.times.write(chunk, timestampsMs, at);
    chunk.writeValues(values, at);
    at += chunk.to - chunk.from;
  }
  return { timestampsMs, values };
}

function inWritingOrder(chunks: readonly StoredChunk[]): SampleColumns[] {
  return chunks.map(decodeChunk);
}

/** The samples of one chunk within the range that it was read for. */
export function decodeChunk(chunk: StoredChunk): SampleColumns {
  return { ...decode([chunk]), ...chunk.extras };
}
