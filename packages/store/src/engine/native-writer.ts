import { ByteWriter } from "./byte-writer.ts";
import { type ColumnData, type FixedArray, type NamedColumn, typeName } from "./native-columns.ts";

/** Smaller columns are copied together; larger ones go to the file from where they are. */
const MIN_OWN_PART_BYTES = 4096;

/**
 * One block in ClickHouse's Native format (columns, rows, then name, type and data of each column), in
 * parts to be written one after another. Data goes to the engine only in such files, never inside SQL
 * text, where a blank line would end it.
 */
export function nativeBlock(columns: readonly NamedColumn[], rows: number): Uint8Array[] {
  const parts = new PartList();
  parts.writer.varint(columns.length);
  parts.writer.varint(rows);
  for (const { name, column } of columns) {
    parts.writer.string(name);
    parts.writer.string(typeName(column));
    writeData(parts, column);
  }
  return parts.finish();
}

class PartList {
  writer = new ByteWriter();
  private readonly parts: Uint8Array[] = [];

  /** The memory of a typed array as it is (all our platforms are little-endian). */
  raw({ buffer, byteOffset, byteLength }: FixedArray): void {
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    if (byteLength < MIN_OWN_PART_BYTES) {
      this.writer.bytes(bytes);
      return;
    }
    this.parts.push(this.writer.view(), bytes);
    this.writer = new ByteWriter();
  }

  finish(): Uint8Array[] {
    return [...this.parts, this.writer.view()];
  }
}

function writeData(parts: PartList, column: ColumnData): void {
  switch (column.kind) {
    case "fixed":
      parts.raw(column.data);
      return;
    case "string":
      for (const value of column.data) writeString(parts.writer, value);
      return;
    case "array":
      for (const end of column.ends) parts.writer.u64(end);
      writeData(parts, column.items);
      return;
    case "map":
      for (const end of column.ends) parts.writer.u64(end);
      writeData(parts, column.keys);
      writeData(parts, column.values);
      return;
  }
}

function writeString(writer: ByteWriter, value: string | Uint8Array): void {
  if (typeof value === "string") {
    writer.string(value);
    return;
  }
  writer.varint(value.length);
  writer.bytes(value);
}
