import { deserialize } from "node:v8";
import { AvxError, type SampleColumns, type TimeRange } from "@avx/model";
import { arrays, floatData, floats, strings, uint32Data, uint32s } from "../engine/block-access.ts";
import type { NativeBlock } from "../engine/native-reader.ts";
import { mergeColumns } from "../head/merge-columns.ts";
import { type ChunkExtras, decodeIntegers } from "./chunk-columns.ts";

/** One row of the table `chunks`, cut to the range that was asked for, not decoded yet. */
export interface StoredChunk {
  readonly seriesId: number;
  readonly blockMs: number;
  readonly cut: number;
  /** Distances of the samples from the block's start. */
  readonly offsets: Uint32Array;
  readonly extras: ChunkExtras | undefined;
  /** Writes the values from `at` on. */
  decodeValues(target: Float64Array, at: number): void;
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
  const offsets = arrays(block, "offsets");
  const offsetData = uint32Data(offsets.items, "offsets");
  const decoder = valueDecoder(block);
  const extra = strings(block, "extra");
  for (let row = 0; row < block.rows; row++) {
    const first = row === 0 ? 0 : offsets.ends[row - 1]!;
    const all = offsetData.subarray(first, offsets.ends[row]);
    const startMs = blockMs[row]!;
    const from = lowerBound(all, range.startMs - startMs);
    const to = lowerBound(all, range.endMs - startMs + 0.5);
    if (from >= to) continue;
    yield {
      seriesId: ids[row]!,
      blockMs: startMs,
      cut: cuts[row]!,
      offsets: all.subarray(from, to),
      extras: readExtras(extra.bytes(row), from, to),
      decodeValues: decoder(row, from, to),
    };
  }
}

type ValueDecoder = (row: number, from: number, to: number) => StoredChunk["decodeValues"];

function valueDecoder(block: NativeBlock): ValueDecoder {
  const asFloats = arrays(block, "floats");
  const asInts = arrays(block, "ints");
  const floatValues = floatData(asFloats.items, "floats");
  if (asInts.items.kind !== "fixed" || !(asInts.items.data instanceof BigInt64Array)) {
    throw new AvxError("internal", { column: "ints" });
  }
  const intValues = asInts.items.data;
  return (row, from, to) => {
    const firstInt = row === 0 ? 0 : asInts.ends[row - 1]!;
    if (asInts.ends[row]! > firstInt) {
      const items = intValues.subarray(firstInt + from, firstInt + to);
      return (target, at) => decodeIntegers(items, target, at);
    }
    const firstFloat = row === 0 ? 0 : asFloats.ends[row - 1]!;
    const items = floatValues.subarray(firstFloat + from, firstFloat + to);
    return (target, at) => target.set(items, at);
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

function lowerBound(sorted: Uint32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The chunks of one series as one run. Where two have the same timestamp the later cut wins. */
export function assembleChunks(chunks: StoredChunk[]): SampleColumns {
  chunks.sort((a, b) => a.blockMs - b.blockMs || a.cut - b.cut);
  const isPlain = chunks.every(({ extras }) => !extras);
  return isPlain && ascend(chunks) ? decode(chunks) : mergeColumns(chunks.map(decodeWithExtras));
}

function ascend(chunks: readonly StoredChunk[]): boolean {
  for (let i = 1; i < chunks.length; i++) {
    const before = chunks[i - 1]!;
    const { blockMs, offsets } = chunks[i]!;
    if (before.blockMs + before.offsets.at(-1)! >= blockMs + offsets[0]!) return false;
  }
  return true;
}

/** Decodes straight into the final columns: each copy of a long range would cost as much again. */
function decode(chunks: readonly StoredChunk[]): SampleColumns {
  const total = chunks.reduce((sum, { offsets }) => sum + offsets.length, 0);
  const timestampsMs = new Float64Array(total);
  const values = new Float64Array(total);
  let at = 0;
  for (const chunk of chunks) {
    const { blockMs, offsets } = chunk;
    for (let i = 0; i < offsets.length; i++) timestampsMs[at + i] = blockMs + offsets[i]!;
    chunk.decodeValues(values, at);
    at += offsets.length;
  }
  return { timestampsMs, values };
}

function decodeWithExtras(chunk: StoredChunk): SampleColumns {
  return { ...decode([chunk]), ...chunk.extras };
}
