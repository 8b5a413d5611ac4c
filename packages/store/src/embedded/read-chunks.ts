import { deserialize } from "node:v8";
import { AvxError, type SampleColumns, type TimeRange } from "@avx/model";
import { arrays, floatData, floats, strings, uint32Data, uint32s } from "../engine/block-access.ts";
import type { NativeBlock } from "../engine/native-reader.ts";
import { type ChunkExtras, readIntegers } from "./chunk-columns.ts";

/** One row of the table `chunks`, cut to the range that was asked for. */
export interface StoredChunk {
  readonly seriesId: number;
  readonly blockMs: number;
  readonly cut: number;
  readonly columns: SampleColumns;
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
  const values = valueReader(block);
  const extra = strings(block, "extra");
  for (let row = 0; row < block.rows; row++) {
    const first = row === 0 ? 0 : offsets.ends[row - 1]!;
    const times = offsetData.subarray(first, offsets.ends[row]);
    const startMs = blockMs[row]!;
    const from = lowerBound(times, range.startMs - startMs);
    const to = lowerBound(times, range.endMs - startMs + 0.5);
    if (from >= to) continue;
    const timestampsMs = new Float64Array(to - from);
    for (let i = from; i < to; i++) timestampsMs[i - from] = startMs + times[i]!;
    const columns = {
      timestampsMs,
      values: values(row, from, to),
      ...slicedExtras(extra.bytes(row), from, to),
    };
    yield { seriesId: ids[row]!, blockMs: startMs, cut: cuts[row]!, columns };
  }
}

function valueReader(block: NativeBlock): (row: number, from: number, to: number) => Float64Array {
  const asFloats = arrays(block, "floats");
  const asInts = arrays(block, "ints");
  const floatValues = floatData(asFloats.items, "floats");
  if (asInts.items.kind !== "fixed" || !(asInts.items.data instanceof BigInt64Array)) {
    throw new AvxError("internal", { column: "ints" });
  }
  const intValues = asInts.items.data;
  return (row, from, to) => {
    const firstInt = row === 0 ? 0 : asInts.ends[row - 1]!;
    if (asInts.ends[row]! > firstInt)
      return readIntegers(intValues, firstInt + from, firstInt + to);
    const firstFloat = row === 0 ? 0 : asFloats.ends[row - 1]!;
    return floatValues.subarray(firstFloat + from, firstFloat + to);
  };
}

function slicedExtras(bytes: Buffer, from: number, to: number): ChunkExtras {
  if (bytes.length === 0) return {};
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
