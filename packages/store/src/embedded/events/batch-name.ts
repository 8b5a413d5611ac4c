import { batchIdentity } from "../../wal/recent-batches.ts";

/** The column AvxBatch: 56 bits tell the batch, the lowest 8 which server in front of a cluster stored it. */
const WRITER_BITS = 0xffn;

/** The same in SQL: what AvxBatch tells of the batch alone. */
export const BATCH_NAME = "bitAnd(AvxBatch, 18446744073709551360)";

const NANOS_PER_DAY = 86_400_000_000_000n;

/** What tells a batch from another, whichever server takes it. Equal bytes have equal names. */
export function batchName(payload: Uint8Array): bigint {
  return batchIdentity(payload) & ~WRITER_BITS;
}

/** The value of AvxBatch for rows that this server stores. */
export function batchMark(name: bigint, writer: number): bigint {
  return name | BigInt(writer);
}

/** The name of the batch that a row belongs to. */
export function nameOfMark(mark: bigint): bigint {
  return mark & ~WRITER_BITS;
}

/** Where a row came from: its AvxBatch, and its time in Unix nanoseconds. */
export interface RowOrigin {
  readonly mark: bigint;
  readonly unixNano: bigint;
}

/**
 * The rows without copies: a batch that was sent to two servers at once may have been stored by both,
 * and counts as stored by the one with the lowest number then, for each day on its own, as each day
 * of a batch is stored on its own.
 */
export function withoutCopies<T>(rows: readonly T[], originOf: (row: T) => RowOrigin): T[] {
  const first = new Map<string, bigint>();
  const keyed = rows.map((row) => {
    const { mark, unixNano } = originOf(row);
    const key = `${nameOfMark(mark)} ${unixNano / NANOS_PER_DAY}`;
    const known = first.get(key);
    if (known === undefined || mark < known) first.set(key, mark);
    return { row, mark, key };
  });
  return keyed.filter(({ mark, key }) => first.get(key) === mark).map(({ row }) => row);
}
