import { labelValue, METRIC_NAME } from "@avx/model";
import { floats } from "../../engine/block-access.ts";
import type { Engine, InsertBlock } from "../../engine/engine.ts";
import type { ColumnData, NamedColumn } from "../../engine/native-columns.ts";
import type { HeadSeries } from "../../head/head-series.ts";
import { BUCKET_MS, type Rollup } from "./rollup.ts";
import { int64Array, rollupIntegers } from "./rollup-integers.ts";

/** Rows encoded at once: about 10 ms of work. */
const ROWS_PER_BLOCK = 4_000;

/** One row of the table `rollups`. */
export interface RollupRow {
  readonly metric: string;
  readonly seriesId: number;
  readonly blockMs: number;
  readonly rollup: Rollup;
}

/** The row of a series. */
export function rollupRow(series: HeadSeries, blockMs: number, rollup: Rollup): RollupRow {
  return { metric: labelValue(series.labels, METRIC_NAME), seriesId: series.id, blockMs, rollup };
}

/** Rows for an insert. Of two rows of one series and block the one of the later cut counts. */
export function* rollupBlocks(rows: Iterable<RollupRow>, cut: number): Generator<InsertBlock> {
  let some: RollupRow[] = [];
  for (const row of rows) {
    some.push(row);
    if (some.length < ROWS_PER_BLOCK) continue;
    yield { columns: rollupColumns(some, cut), rows: some.length };
    some = [];
  }
  if (some.length > 0) yield { columns: rollupColumns(some, cut), rows: some.length };
}

function rollupColumns(rows: readonly RollupRow[], cut: number): NamedColumn[] {
  const rollups = rows.map(({ rollup }) => rollup);
  const blocks = BigInt64Array.from(rows, ({ blockMs }) => BigInt(blockMs));
  const ids = Uint32Array.from(rows, ({ seriesId }) => seriesId);
  return [
    { name: "metric", column: { kind: "string", data: rows.map(({ metric }) => metric) } },
    { name: "series", column: { kind: "fixed", type: "UInt32", data: ids } },
    { name: "block", column: { kind: "fixed", type: "Int64", data: blocks } },
    {
      name: "cut",
      column: { kind: "fixed", type: "UInt32", data: new Uint32Array(rows.length).fill(cut) },
    },
    ...counts(rollups),
    ...times(rollups),
    ...numbers(rollups),
  ];
}

function counts(rollups: readonly Rollup[]): NamedColumn[] {
  const [buckets, samples] = [rollups.map(({ bucket }) => bucket), rollups.map((one) => one.count)];
  return [int32Arrays("bucket", buckets), int32Arrays("count", samples)];
}

/** How late the first sample of a bucket is after the earliest one of the row, and so for the last. */
function times(rollups: readonly Rollup[]): NamedColumn[] {
  const firsts = rollups.map(({ bucket, firstOffset }) => withinBuckets(bucket, firstOffset));
  const lasts = rollups.map(({ bucket, lastOffset }) => withinBuckets(bucket, lastOffset));
  const earliest = Uint32Array.from(firsts, (offsets) => Math.min(...offsets));
  const latest = Uint32Array.from(lasts, (offsets) => Math.max(...offsets));
  const late = firsts.map((offsets, i) => offsets.map((offset) => offset - earliest[i]!));
  const early = lasts.map((offsets, i) => offsets.map((offset) => latest[i]! - offset));
  return [
    { name: "earliest", column: { kind: "fixed", type: "UInt32", data: earliest } },
    { name: "latest", column: { kind: "fixed", type: "UInt32", data: latest } },
    int32Arrays("firstLate", late),
    int32Arrays("lastEarly", early),
  ];
}

function withinBuckets(bucket: readonly number[], offsets: readonly number[]): number[] {
  return offsets.map((offset, i) => offset - bucket[i]! * BUCKET_MS);
}

function int32Arrays(name: string, lists: readonly (readonly number[])[]): NamedColumn {
  const { ends, data } = concatenated(lists);
  const items: ColumnData = { kind: "fixed", type: "Int32", data: Int32Array.from(data) };
  return { name, column: { kind: "array", ends, items } };
}

function int64Arrays(name: string, lists: readonly (readonly number[])[]): NamedColumn {
  const { ends, data } = concatenated(lists);
  const items: ColumnData = { kind: "fixed", type: "Int64", data: int64Array(data) };
  return { name, column: { kind: "array", ends, items } };
}

/**
 * Integers as differences, anything else as it is. What follows from `first` and `last`, as of a
 * counter without a reset, is left empty.
 */
function numbers(rollups: readonly Rollup[]): NamedColumn[] {
  const { isLowest, isHighest, isDifference } = DERIVED;
  const integers = new Map(rollups.map((rollup) => [rollup, rollupIntegers(rollup)]));
  const lists = [...integers.values()];
  const isInteger = (rollup: Rollup): boolean => integers.get(rollup) !== undefined;
  const firstInts = int64Array(lists.map((one) => one?.firstInt ?? 0));
  return [
    { name: "firstInt", column: { kind: "fixed", type: "Int64", data: firstInts } },
    int64Arrays(
      "gaps",
      lists.map((one) => one?.gaps ?? []),
    ),
    int64Arrays(
      "rises",
      lists.map((one) => one?.rises ?? []),
    ),
    int64Arrays(
      "sumRest",
      lists.map((one) => one?.sumRest ?? []),
    ),
    floatArrays("sum", rollups, isInteger),
    floatArrays("first", rollups, isInteger),
    floatArrays("last", rollups, isInteger),
    floatArrays("min", rollups, isLowest),
    floatArrays("max", rollups, isHighest),
    floatArrays("increase", rollups, isDifference),
  ];
}

const DERIVED = {
  isLowest: ({ min, first }: Rollup): boolean =>
    min.every((value, i) => Object.is(value, first[i])),
  isHighest: ({ max, last }: Rollup): boolean => max.every((value, i) => Object.is(value, last[i])),
  isDifference: ({ increase, first, last }: Rollup): boolean =>
    increase.every((value, i) => Object.is(value, last[i]! - first[i]!)),
} as const;

function floatArrays(
  name: "sum" | "first" | "last" | "min" | "max" | "increase",
  rollups: readonly Rollup[],
  isDerived: (rollup: Rollup) => boolean,
): NamedColumn {
  const lists = rollups.map((rollup) => (isDerived(rollup) ? [] : rollup[name]));
  const { ends, data } = concatenated(lists);
  const items: ColumnData = { kind: "fixed", type: "Float64", data: Float64Array.from(data) };
  return { name, column: { kind: "array", ends, items } };
}

function concatenated(lists: readonly (readonly number[])[]): { ends: number[]; data: number[] } {
  const data: number[] = [];
  const ends = lists.map((list) => {
    for (const value of list) data.push(value);
    return data.length;
  });
  return { ends, data };
}

/** The latest cut of any row, 0 without any: later cuts must have higher numbers. */
export async function lastRollupCut(engine: Engine): Promise<number> {
  const [answer] = await engine.query("SELECT toFloat64(max(cut)) AS cut FROM avx.rollups");
  return answer ? (floats(answer, "cut")[0] ?? 0) : 0;
}
