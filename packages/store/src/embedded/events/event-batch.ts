import type { WalPosition } from "../../wal/write-ahead-log.ts";
import type { PackedRows } from "./packed-batch.ts";

/** Rows encoded at once: about 10 ms of work. */
const ROWS_PER_BLOCK = 2_000;

const NANOS_PER_DAY = 86_400_000_000_000n;

/** Days since 1970 (UTC). */
export function dayOf(unixNano: bigint): number {
  return Number(unixNano / NANOS_PER_DAY);
}

/** Number of items by day since 1970, in the order of the items. */
export type DayCounts = ReadonlyMap<number, number>;

/** Items of one append. */
export interface EventBatch<T> {
  readonly identity: bigint;
  readonly position: WalPosition;
  /** All items; those of `packed` are made anew each time. */
  readonly items: readonly T[];
  /** The items that are objects. */
  readonly loose: readonly T[];
  /** Items that came as columns, where there are any. */
  readonly packed?: PackedRows;
  /** Of all items. */
  readonly days: DayCounts;
  /** Memory of the batch, roughly. */
  readonly bytes: number;
}

/** How many items the batches have. */
export function countItems<T>(batches: readonly EventBatch<T>[]): number {
  let count = 0;
  for (const { loose, packed } of batches) count += loose.length + (packed?.rows ?? 0);
  return count;
}

/** Counts the items of each day; `nanosOf` gives Unix nanoseconds. */
export function countDays<T>(items: readonly T[], nanosOf: (item: T) => bigint): DayCounts {
  const days = new Map<number, number>();
  let count = 0;
  let day = 0;
  let dayStart = 1n;
  let dayEnd = 0n;
  for (const item of items) {
    const nanos = nanosOf(item);
    if (nanos < dayStart || nanos >= dayEnd) {
      if (count > 0) days.set(day, count);
      const found = nanos / NANOS_PER_DAY;
      dayStart = found * NANOS_PER_DAY;
      dayEnd = dayStart + NANOS_PER_DAY;
      day = Number(found);
      count = days.get(day) ?? 0;
    }
    count++;
  }
  if (count > 0) days.set(day, count);
  return days;
}

/** Times between which all items lie, in Unix nanoseconds as text. */
export function timeBounds<T>(
  batches: readonly EventBatch<T>[],
  nanosOf: (item: T) => bigint,
): { readonly earliest: string; readonly latest: string } {
  let [earliest, latest] = [2n ** 63n - 1n, -(2n ** 63n)];
  const take = (nanos: bigint): void => {
    if (nanos < earliest) earliest = nanos;
    if (nanos > latest) latest = nanos;
  };
  for (const { loose, packed } of batches) {
    // As the column Timestamp takes it.
    for (const item of loose) take(BigInt.asIntN(64, nanosOf(item)));
    if (!packed) continue;
    const midnight = BigInt(packed.day) * NANOS_PER_DAY;
    take(midnight);
    take(midnight + NANOS_PER_DAY - 1n);
  }
  return { earliest: String(earliest), latest: String(latest) };
}

/** Items and the batch of each. */
export interface EventRows<T> {
  readonly items: readonly T[];
  readonly batches: readonly EventBatch<T>[];
}

/** The items of one day that are objects, some thousand at a time. */
export function* rowsOfDay<T>(
  day: number,
  batches: readonly EventBatch<T>[],
  nanosOf: (item: T) => bigint,
): Generator<EventRows<T>> {
  let items: T[] = [];
  let owners: EventBatch<T>[] = [];
  for (const batch of batches) {
    const isWhole = batch.days.size === 1;
    for (const item of batch.loose) {
      if (!isWhole && Number(nanosOf(item) / NANOS_PER_DAY) !== day) continue;
      items.push(item);
      owners.push(batch);
      if (items.length < ROWS_PER_BLOCK) continue;
      yield { items, batches: owners };
      items = [];
      owners = [];
    }
  }
  if (items.length > 0) yield { items, batches: owners };
}

/**
 * Groups of batches with at most `maxRows` items on the day, unless one batch alone has more. Whole
 * batches only, so that a batch of one day is in the table whole or not at all.
 */
export function intoPieces<T>(
  day: number,
  batches: readonly EventBatch<T>[],
  maxRows: number,
): EventBatch<T>[][] {
  const pieces: EventBatch<T>[][] = [];
  let rows = Number.POSITIVE_INFINITY;
  for (const batch of batches) {
    const count = batch.days.get(day) ?? 0;
    if (rows + count > maxRows) {
      pieces.push([]);
      rows = 0;
    }
    pieces.at(-1)?.push(batch);
    rows += count;
  }
  return pieces;
}
