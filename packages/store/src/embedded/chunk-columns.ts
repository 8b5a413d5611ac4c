import { serialize } from "node:v8";
import { labelValue, METRIC_NAME, type NativeHistogram } from "@avx/model";
import type { NamedColumn } from "../engine/native-columns.ts";
import type { SampleBlock } from "../head/sample-block.ts";
import type { Chunk } from "./chunk-store.ts";

const TWO_TO_32 = 4294967296;

/** What the column `extra` holds, for the few chunks that need it. */
export interface ChunkExtras {
  readonly histograms?: readonly (NativeHistogram | undefined)[];
  readonly startTimestampsMs?: Float64Array;
}

/** The rows of the table `chunks`. Integer values go to a column of their own: a quarter smaller. */
export function chunkColumns(chunks: readonly Chunk[], cut: number): NamedColumn[] {
  const rows = chunks.length;
  const series = new Uint32Array(rows);
  const blocks = new BigInt64Array(rows);
  const cuts = new Uint32Array(rows).fill(cut);
  const metrics: string[] = [];
  const extras: (string | Uint8Array)[] = [];
  chunks.forEach((chunk, i) => {
    metrics.push(labelValue(chunk.series.labels, METRIC_NAME));
    series[i] = chunk.series.id;
    blocks[i] = BigInt(chunk.block.startMs);
    extras.push(encodeExtras(chunk.block));
  });
  const samples = sampleArrays(chunks.map(({ block }) => block));
  return [
    { name: "metric", column: { kind: "string", data: metrics } },
    { name: "series", column: { kind: "fixed", type: "UInt32", data: series } },
    { name: "block", column: { kind: "fixed", type: "Int64", data: blocks } },
    { name: "cut", column: { kind: "fixed", type: "UInt32", data: cuts } },
    ...samples,
    { name: "extra", column: { kind: "string", data: extras } },
  ];
}

function encodeExtras({ histograms, startTimestampsMs, length }: SampleBlock): string | Uint8Array {
  if (!histograms && !startTimestampsMs) return "";
  const extras: ChunkExtras = {
    ...(histograms ? { histograms: histograms.slice(0, length) } : {}),
    ...(startTimestampsMs ? { startTimestampsMs: startTimestampsMs.slice(0, length) } : {}),
  };
  return serialize(extras);
}

/** Counts of samples, in rows' order: all, and those kept as floats and as integers. */
interface Ends {
  readonly all: number[];
  readonly floats: number[];
  readonly ints: number[];
}

function sampleArrays(blocks: readonly SampleBlock[]): NamedColumn[] {
  const isInteger = blocks.map(holdsIntegers);
  const ends: Ends = { all: [], floats: [], ints: [] };
  let floatCount = 0;
  let intCount = 0;
  blocks.forEach((block, i) => {
    if (isInteger[i]) intCount += block.length;
    else floatCount += block.length;
    ends.all.push(floatCount + intCount);
    ends.floats.push(floatCount);
    ends.ints.push(intCount);
  });
  const offsets = new Uint32Array(floatCount + intCount);
  const floats = new Float64Array(floatCount);
  const ints = new BigInt64Array(intCount);
  blocks.forEach((block, i) => {
    const { length } = block;
    offsets.set(block.offsets.subarray(0, length), ends.all[i]! - length);
    if (isInteger[i]) writeIntegers(block, ints, ends.ints[i]! - length);
    else floats.set(block.values.subarray(0, length), ends.floats[i]! - length);
  });
  const column = (name: string, rowEnds: readonly number[], items: NamedColumn["column"]) =>
    ({ name, column: { kind: "array", ends: rowEnds, items } }) as const;
  return [
    column("offsets", ends.all, { kind: "fixed", type: "UInt32", data: offsets }),
    column("floats", ends.floats, { kind: "fixed", type: "Float64", data: floats }),
    column("ints", ends.ints, { kind: "fixed", type: "Int64", data: ints }),
  ];
}

/** Whether every value is an exact integer; -0 is not, as an integer has no such sign. */
function holdsIntegers({ values, length }: SampleBlock): boolean {
  for (let i = 0; i < length; i++) {
    const value = values[i]!;
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) return false;
  }
  return true;
}

/** Writes 64-bit integers as two words: far cheaper than a bigint each. */
function writeIntegers(block: SampleBlock, target: BigInt64Array, at: number): void {
  const words = new Int32Array(target.buffer);
  for (let i = 0; i < block.length; i++) {
    const value = block.values[i]!;
    const high = Math.floor(value / TWO_TO_32);
    words[2 * (at + i)] = value - high * TWO_TO_32;
    words[2 * (at + i) + 1] = high;
  }
}

/** The inverse of `writeIntegers`: writes the values from `at` on. */
export function decodeIntegers(source: BigInt64Array, target: Float64Array, at: number): void {
  const { buffer, byteOffset, length } = source;
  const words = new Int32Array(buffer, byteOffset, length * 2);
  for (let i = 0; i < length; i++) {
    target[at + i] = words[2 * i + 1]! * TWO_TO_32 + (words[2 * i]! >>> 0);
  }
}
