import type { NamedColumn } from "../../engine/native-columns.ts";
import { type NativeBlock, readNative } from "../../engine/native-reader.ts";
import { packedBlock } from "../../engine/native-writer.ts";
import type { WalPosition } from "../../wal/write-ahead-log.ts";
import type { DayCounts, EventBatch } from "./event-batch.ts";

/** Rows that came as columns, all of one day. */
export interface RowColumns {
  /** Days since 1970. */
  readonly day: number;
  readonly rows: number;
  /** All columns but AvxBatch; their memory may change after the call that they are given to. */
  readonly columns: readonly NamedColumn[];
}

/** Rows as the engine will get them: all columns, in one piece. */
export class PackedRows {
  readonly day: number;
  readonly rows: number;
  readonly names: readonly string[];
  /** In Native format. */
  readonly encoded: Uint8Array;

  constructor({ day, rows, columns }: RowColumns, mark: bigint) {
    this.day = day;
    this.rows = rows;
    const marks: NamedColumn = {
      name: "AvxBatch",
      column: { kind: "fixed", type: "UInt64", data: new BigUint64Array(rows).fill(mark) },
    };
    const all = [...columns, marks];
    this.names = all.map(({ name }) => name);
    this.encoded = packedBlock(all, rows);
  }

  /** The columns, to be read. */
  block(): NativeBlock {
    const [block] = readNative(this.encoded);
    return block ?? { rows: 0, columns: new Map() };
  }
}

/** What a batch that came as columns is made of. */
export interface PackedParts<T> {
  readonly identity: bigint;
  readonly position: WalPosition;
  readonly packed: PackedRows;
  /** Items of the batch that are not among the rows. */
  readonly loose: readonly T[];
  /** Memory of `loose`. */
  readonly looseBytes: number;
  readonly days: DayCounts;
  readonly unpack: (block: NativeBlock) => readonly T[];
}

/** A batch whose items, or most of them, are kept as the rows that they will be. */
export class PackedBatch<T> implements EventBatch<T> {
  readonly identity: bigint;
  readonly position: WalPosition;
  readonly packed: PackedRows;
  readonly loose: readonly T[];
  readonly days: DayCounts;
  readonly bytes: number;
  readonly #unpack: PackedParts<T>["unpack"];

  constructor({ identity, position, packed, loose, looseBytes, days, unpack }: PackedParts<T>) {
    this.identity = identity;
    this.position = position;
    this.packed = packed;
    this.loose = loose;
    this.days = days;
    this.bytes = packed.encoded.length + looseBytes;
    this.#unpack = unpack;
  }

  get items(): readonly T[] {
    return [...this.#unpack(this.packed.block()), ...this.loose];
  }
}
