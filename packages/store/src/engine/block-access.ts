import { AvxError } from "@avx/model";
import type { NativeBlock, ReadColumn, StringColumn } from "./native-reader.ts";

function columnOf(block: NativeBlock, name: string): ReadColumn {
  const column = block.columns.get(name);
  if (!column) throw new AvxError("internal", { column: name });
  return column;
}

/** A String column; throws `internal` when the answer has another shape than we asked for. */
export function strings(block: NativeBlock, name: string): StringColumn {
  const column = columnOf(block, name);
  if (column.kind !== "string") throw new AvxError("internal", { column: name });
  return column;
}

/** A Float64 column. */
export function floats(block: NativeBlock, name: string): Float64Array {
  return floatData(columnOf(block, name), name);
}

/** A UInt8 column. */
export function uint8s(block: NativeBlock, name: string): Uint8Array {
  const column = columnOf(block, name);
  if (column.kind === "fixed" && column.data instanceof Uint8Array) return column.data;
  throw new AvxError("internal", { column: name });
}

/** A UInt32 column. */
export function uint32s(block: NativeBlock, name: string): Uint32Array {
  const column = columnOf(block, name);
  if (column.kind === "fixed" && column.data instanceof Uint32Array) return column.data;
  throw new AvxError("internal", { column: name });
}

/** An Int64 or DateTime64(9) column. */
export function int64s(block: NativeBlock, name: string): BigInt64Array {
  const column = columnOf(block, name);
  if (column.kind === "fixed" && column.data instanceof BigInt64Array) return column.data;
  throw new AvxError("internal", { column: name });
}

/** A UInt64 column. */
export function uint64s(block: NativeBlock, name: string): BigUint64Array {
  const column = columnOf(block, name);
  if (column.kind === "fixed" && column.data instanceof BigUint64Array) return column.data;
  throw new AvxError("internal", { column: name });
}

/** An Array column: row i ends before item `ends[i]`. */
export interface ArrayColumn {
  readonly ends: Float64Array;
  readonly items: ReadColumn;
}

/** An Array column. */
export function arrays(block: NativeBlock, name: string): ArrayColumn {
  const column = columnOf(block, name);
  if (column.kind !== "array") throw new AvxError("internal", { column: name });
  return column;
}

/** The numbers of a Float64 column; `name` is for the error. */
export function floatData(column: ReadColumn, name: string): Float64Array {
  if (column.kind === "fixed" && column.data instanceof Float64Array) return column.data;
  throw new AvxError("internal", { column: name });
}

/** The numbers of an Int32 column; `name` is for the error. */
export function int32Data(column: ReadColumn, name: string): Int32Array {
  if (column.kind === "fixed" && column.data instanceof Int32Array) return column.data;
  throw new AvxError("internal", { column: name });
}

/** Rows of a Map(String, String) column. */
export function stringMaps(block: NativeBlock, name: string): (row: number) => Map<string, string> {
  return mapRows(columnOf(block, name), name);
}

/** Rows of a Map(String, String) column, also one inside of an array. */
export function mapRows(column: ReadColumn, name: string): (row: number) => Map<string, string> {
  if (column.kind !== "map" || column.keys.kind !== "string" || column.values.kind !== "string") {
    throw new AvxError("internal", { column: name });
  }
  const { ends, keys, values } = column;
  return (row) => {
    const map = new Map<string, string>();
    for (let i = row === 0 ? 0 : ends[row - 1]!; i < ends[row]!; i++) {
      map.set(keys.text(i), values.text(i));
    }
    return map;
  };
}
