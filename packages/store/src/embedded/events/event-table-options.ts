import type { Engine } from "../../engine/engine.ts";
import type { NamedColumn } from "../../engine/native-columns.ts";
import type { NativeBlock } from "../../engine/native-reader.ts";
import type { WalFileSystem } from "../../wal/wal-file-system.ts";
import type { DailyTable } from "../drop-partitions.ts";
import type { SharedPlace } from "../shared-place.ts";
import type { EventRows } from "./event-batch.ts";
import type { DecodeItems } from "./event-record.ts";
import type { RowColumns } from "./packed-batch.ts";
import type { PendingBounds } from "./pending-batches.ts";

/** What one table is made of. */
export interface EventTableOptions<T> extends PendingBounds {
  readonly table: Exclude<DailyTable, "chunks">;
  readonly walDir: string;
  readonly fileSystem: WalFileSystem;
  readonly engine: Engine;
  readonly log: (line: string) => void;
  readonly nowMs: () => number;
  /** Unix nanoseconds, as in the column Timestamp. */
  readonly nanosOf: (item: T) => bigint;
  /** Absent where no other server writes into the table. */
  readonly shared?: SharedPlace | undefined;
  /** Reads batches that are kept as they were sent; without it none is. */
  readonly decode?: DecodeItems<T> | undefined;
  /** All columns but AvxBatch. */
  readonly columns: (rows: EventRows<T>) => NamedColumn[];
  /** The items of rows that came as columns, from all columns of the table. */
  readonly unpack?: (block: NativeBlock) => readonly T[];
}

/** A batch that comes as columns. */
export interface ColumnBatch<T> {
  readonly columns: RowColumns;
  /** Items of the batch that are not among the rows. */
  readonly loose: readonly T[];
  /** The same, as it was sent. */
  readonly encoded: Uint8Array;
}
