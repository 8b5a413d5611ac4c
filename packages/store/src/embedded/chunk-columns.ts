import { serialize } from "node:v8";
import { labelValue, METRIC_NAME, type NativeHistogram } from "@avx/model";
import type { NamedColumn } from "../engine/native-columns.ts";
import type { BlockSamples } from "../head/sample-block.ts";
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
  const blocks = chunks.map(({ block }) => block.samples());
  const metrics = chunks.map(({ series }) => labelValue(series.labels, METRIC_NAME));
  const ids = Uint32Array.from(chunks, ({ series }) => series.id);
  const starts = BigInt64Array.from(chunks, ({ block }) => BigInt(block.startMs));
  const cuts = new Uint32Array(chunks.length).fill(cut);
  return [
    { name: "metric", column: { kind: "string", data: metrics } },
    { name: "series", column: { kind: "fixed", type: "UInt32", data: ids } },
    { name: "block", column: { kind: "fixed", type: "Int64", data: starts } },
    { name: "cut", column: { kind: "fixed", type: "UInt32", data: cuts } },
    ...timeColumns(blocks),
    ...valueColumns(blocks),
    { name: "extra", column: { kind: "string", data: blocks.map(encodeExtras) } },
  ];
}

function encodeExtras({ histograms, startTimestampsMs }: BlockSamples): string | Uint8Array {
  if (!histograms && !startTimestampsMs) return "";
  const extras: ChunkExtras = {
    ...(histograms ? { histograms } : {}),
    ...(startTimestampsMs ? { startTimestampsMs } : {}),
  };
  return serialize(extras);
}

function timeColumns(blocks: readonly BlockSamples[]): NamedColumn[] {
  const steps = Uint32Array.from(blocks, typicalStep);
  const firsts = Uint32Array.from(blocks, (block, i) => gridStart(block, steps[i]!));
  const jitter = concatenated(
    blocks.map((block, i) => jitterOf(block, { start: firsts[i]!, step: steps[i]! })),
  );
  return [
    { name: "firstOffset", column: { kind: "fixed", type: "UInt32", data: firsts } },
    { name: "step", column: { kind: "fixed", type: "UInt32", data: steps } },
    { name: "jitter", column: int32Arrays(jitter) },
  ];
}

function valueColumns(blocks: readonly BlockSamples[]): NamedColumn[] {
  const none = new Int32Array();
  const noFloats = new Float64Array();
  const deltas = blocks.map(integerDeltas);
  const firsts = BigInt64Array.from(blocks, ({ values }, i) =>
    deltas[i] ? BigInt(values[0] ?? 0) : 0n,
  );
  const floats = blocks.map(({ values }, i) => {
    const integers = deltas[i];
    if (!integers) return values;
    const leastRise = takeLeastRise(integers);
    return leastRise === 0 ? noFloats : Float64Array.of(leastRise);
  });
  let end = 0;
  const floatEnds = floats.map(({ length }) => {
    end += length;
    return end;
  });
  const floatData = new Float64Array(end);
  floats.forEach((values, i) => {
    floatData.set(values, floatEnds[i]! - values.length);
  });
  return [
    { name: "firstInt", column: { kind: "fixed", type: "Int64", data: firsts } },
    { name: "deltas", column: int32Arrays(concatenated(deltas.map((list) => list ?? none))) },
    {
      name: "floats",
      column: {
        kind: "array",
        ends: floatEnds,
        items: { kind: "fixed", type: "Float64", data: floatData },
      },
    },
  ];
}

interface Concatenated {
  readonly ends: number[];
  readonly data: Int32Array;
}

function concatenated(lists: readonly Int32Array[]): Concatenated {
  const ends: number[] = [];
  let end = 0;
  for (const { length } of lists) {
    end += length;
    ends.push(end);
  }
  const data = new Int32Array(end);
  lists.forEach((list, i) => {
    data.set(list, ends[i]! - list.length);
  });
  return { ends, data };
}

function int32Arrays({ ends, data }: Concatenated): NamedColumn["column"] {
  return { kind: "array", ends, items: { kind: "fixed", type: "Int32", data } };
}
