import { serialize } from "node:v8";
import { labelValue, METRIC_NAME, type NativeHistogram } from "@avx/model";
import type { NamedColumn } from "../../engine/native-columns.ts";
import type { BlockSamples } from "../../head/sample-block.ts";
import type { Chunk } from "./chunk-store.ts";
import { integerDeltas, takeLeastRise } from "./integer-deltas.ts";
import { gridStart, jitterOf, typicalStep } from "./time-grid.ts";

/** What the column `extra` holds, for the few chunks that need it. */
export interface ChunkExtras {
  readonly histograms?: readonly (NativeHistogram | undefined)[];
  readonly startTimestampsMs?: Float64Array;
}

/**
 * The rows of the table `chunks`. Times are kept as their distance from a regular grid, and values
 * that are integers as their differences, less the least of a counter's: both are small numbers, which take less space and far less
 * time to read than what the engine's own delta codecs make of the plain numbers.
 */
export function chunkColumns(chunks: readonly Chunk[], cut: number): NamedColumn[] {
  const ends = runningSum(chunks.map(({ block }) => block.length));
  const blocks = samplesOf(chunks, ends);
  const metrics = chunks.map(({ series }) => labelValue(series.labels, METRIC_NAME));
  const ids = Uint32Array.from(chunks, ({ series }) => series.id);
  const starts = BigInt64Array.from(chunks, ({ block }) => BigInt(block.startMs));
  const cuts = new Uint32Array(chunks.length).fill(cut);
  return [
    { name: "metric", column: { kind: "string", data: metrics } },
    { name: "series", column: { kind: "fixed", type: "UInt32", data: ids } },
    { name: "block", column: { kind: "fixed", type: "Int64", data: starts } },
    { name: "cut", column: { kind: "fixed", type: "UInt32", data: cuts } },
    ...timeColumns(blocks, ends),
    ...valueColumns(blocks, ends),
    { name: "extra", column: { kind: "string", data: blocks.map(encodeExtras) } },
  ];
}

/**
 * All samples in two arrays of which each block has a part: arrays of their own, some hundred bytes
 * each, would leave the process's memory in pieces that nobody can use.
 */
function samplesOf(chunks: readonly Chunk[], ends: readonly number[]): BlockSamples[] {
  const length = ends.at(-1) ?? 0;
  const [offsets, values] = [new Uint32Array(length), new Float64Array(length)];
  return chunks.map(({ block }, i) => {
    const [from, to] = [ends[i]! - block.length, ends[i]!];
    return block.samples({
      offsets: offsets.subarray(from, to),
      values: values.subarray(from, to),
    });
  });
}

function runningSum(lengths: readonly number[]): number[] {
  let end = 0;
  return lengths.map((length) => {
    end += length;
    return end;
  });
}

function encodeExtras({ histograms, startTimestampsMs }: BlockSamples): string | Uint8Array {
  if (!histograms && !startTimestampsMs) return "";
  const extras: ChunkExtras = {
    ...(histograms ? { histograms } : {}),
    ...(startTimestampsMs ? { startTimestampsMs } : {}),
  };
  return serialize(extras);
}

function timeColumns(blocks: readonly BlockSamples[], ends: readonly number[]): NamedColumn[] {
  const steps = Uint32Array.from(blocks, typicalStep);
  const firsts = Uint32Array.from(blocks, (block, i) => gridStart(block, steps[i]!));
  const jitter = new Int32Array(ends.at(-1) ?? 0);
  blocks.forEach((block, i) => {
    const own = jitter.subarray(ends[i]! - block.length, ends[i]!);
    jitterOf(block, { start: firsts[i]!, step: steps[i]! }, own);
  });
  return [
    { name: "firstOffset", column: { kind: "fixed", type: "UInt32", data: firsts } },
    { name: "step", column: { kind: "fixed", type: "UInt32", data: steps } },
    { name: "jitter", column: int32Arrays({ ends, data: jitter }) },
  ];
}

/** Differences of the blocks of integers, and the numbers of the others. */
function valueColumns(blocks: readonly BlockSamples[], ends: readonly number[]): NamedColumn[] {
  const length = ends.at(-1) ?? 0;
  const [deltas, floats] = [new Int32Array(length), new Float64Array(length)];
  const [deltaEnds, floatEnds] = [[0], [0]];
  const firsts = new BigInt64Array(blocks.length);
  blocks.forEach((block, i) => {
    const [deltaEnd, floatEnd] = [deltaEnds[i]!, floatEnds[i]!];
    const own = integerDeltas(block, deltas.subarray(deltaEnd, deltaEnd + block.length));
    const leastRise = own ? takeLeastRise(own) : 0;
    if (own) firsts[i] = BigInt(block.values[0] ?? 0);
    if (!own) floats.set(block.values, floatEnd);
    else if (leastRise !== 0) floats[floatEnd] = leastRise;
    deltaEnds.push(deltaEnd + (own?.length ?? 0));
    floatEnds.push(floatEnd + (own ? Number(leastRise !== 0) : block.length));
  });
  return [
    { name: "firstInt", column: { kind: "fixed", type: "Int64", data: firsts } },
    {
      name: "deltas",
      column: int32Arrays({ ends: deltaEnds.slice(1), data: deltas.subarray(0, deltaEnds.at(-1)) }),
    },
    {
      name: "floats",
      column: {
        kind: "array",
        ends: floatEnds.slice(1),
        items: { kind: "fixed", type: "Float64", data: floats.subarray(0, floatEnds.at(-1)) },
      },
    },
  ];
}

interface Concatenated {
  readonly ends: readonly number[];
  readonly data: Int32Array;
}

function int32Arrays({ ends, data }: Concatenated): NamedColumn["column"] {
  return { kind: "array", ends, items: { kind: "fixed", type: "Int32", data } };
}
