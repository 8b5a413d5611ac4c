import type { LogRecord } from "@avx/model";
import { int64s, strings } from "../../engine/block-access.ts";
import type { NativeBlock } from "../../engine/native-reader.ts";
import { compareRecords, logMatches } from "../../logs/log-match.ts";
import type { LogSearch } from "../../store.ts";
import { nanosToMs } from "../../traces/span-search.ts";
import type { EventBatch } from "./event-batch.ts";
import { recordsOfRows } from "./log-rows.ts";

interface FoundRow {
  readonly block: NativeBlock;
  readonly row: number;
  readonly unixNano: bigint;
}

/** The newest records that meet the search, of those that are not rows of the engine yet. */
export function pendingLogs(
  batches: readonly EventBatch<LogRecord>[],
  search: LogSearch,
): LogRecord[] {
  const found = batches
    .flatMap(({ loose }) => loose.filter((record) => logMatches(record, search)))
    .sort(compareRecords);
  const rows = batches.flatMap(({ packed }) => (packed ? matches(packed.block(), search) : []));
  // Only what may be shown is made an object.
  const newest = rows.sort((a, b) => compareNanos(b.unixNano, a.unixNano)).slice(0, search.limit);
  const byBlock = Map.groupBy(newest, ({ block }) => block);
  for (const [block, ofBlock] of byBlock) {
    const numbers = ofBlock.map(({ row }) => row);
    for (const record of recordsOfRows(block, numbers)) found.push(record);
  }
  return found.sort(compareRecords).slice(0, search.limit);
}

function compareNanos(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}

/** As `logMatches`. */
function matches(block: NativeBlock, search: LogSearch): FoundRow[] {
  const { service, traceId, text, range } = search;
  const times = int64s(block, "Timestamp");
  const [services, traces] = [strings(block, "ServiceName"), strings(block, "TraceId")];
  const bodies = strings(block, "Body");
  const found: FoundRow[] = [];
  for (let row = 0; row < block.rows; row++) {
    if (service !== "" && services.text(row) !== service) continue;
    const unixNano = times[row]!;
    const timeMs = nanosToMs(unixNano);
    if (timeMs < range.startMs || timeMs > range.endMs) continue;
    if (traceId !== "" && traces.text(row) !== traceId) continue;
    if (text !== "" && !bodies.text(row).includes(text)) continue;
    found.push({ block, row, unixNano });
  }
  return found;
}
