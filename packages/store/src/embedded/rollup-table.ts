import { labelValue, METRIC_NAME } from "@avx/model";
import { floats } from "../engine/block-access.ts";
import type { Engine, InsertBlock } from "../engine/engine.ts";
import type { ColumnData, NamedColumn } from "../engine/native-columns.ts";
import type { HeadSeries } from "../head/head-series.ts";
import type { Rollup } from "./rollup.ts";

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
export function* rollupBlocks(rows: readonly RollupRow[], cut: number): Generator<InsertBlock> {
  for (let from = 0; from < rows.length; from += ROWS_PER_BLOCK) {
    const some = rows.slice(from, from + ROWS_PER_BLOCK);
    yield { columns: rollupColumns(some, cut), rows: some.length };
  }
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
    integers("bucket", rollups),
    integers("count", rollups),
    integers("firstOffset", rollups),
    integers("lastOffset", rollups),
    ...numbers(rollups),
  ];
}

type IntegerColumn = "bucket" | "count" | "firstOffset" | "lastOffset";

function integers(name: IntegerColumn, rollups: readonly Rollup[]): NamedColumn {
  const { ends, data } = concatenated(rollups.map((rollup) => rollup[name]));
  const items: ColumnData = { kind: "fixed", type: "Int32", data: Int32Array.from(data) };
  return { name, column: { kind: "array", ends, items } };
}

/** What follows from `first` and `last`, as of a counter without a reset, is left empty. */
function numbers(rollups: readonly Rollup[]): NamedColumn[] {
  const { isLowest, isHighest, isDifference } = DERIVED;
  return [
    floatArrays("sum", rollups, () => false),
    floatArrays("first", rollups, () => false),
    floatArrays("last", rollups, () => false),
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
