import type { SampleColumns, TimeRange } from "@avx/model";
import { columnsWithin } from "./columns-within.ts";
import { mergeColumns } from "./merge-columns.ts";

/** The samples outside of the inclusive range, `undefined` when there are none. */
export function columnsOutside(
  columns: SampleColumns,
  { startMs, endMs }: TimeRange,
): SampleColumns | undefined {
  const before = columnsWithin(columns, { startMs: -Infinity, endMs: Math.ceil(startMs) - 1 });
  const after = columnsWithin(columns, { startMs: Math.floor(endMs) + 1, endMs: Infinity });
  return before && after ? mergeColumns([before, after]) : (before ?? after);
}
