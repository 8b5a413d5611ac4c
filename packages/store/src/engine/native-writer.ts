import { ByteWriter } from "./byte-writer.ts";
import { type ColumnData, type NamedColumn, typeName } from "./native-columns.ts";

/**
 * One block in ClickHouse's Native format (columns, rows, then name, type and data of each column).
 * Data goes to the engine only in such files, never inside SQL text, where a blank line would end it.
 */
export function nativeBlock(columns: readonly NamedColumn[], rows: number): Buffer {
  const writer = new ByteWriter();
  writer.varint(columns.length);
  writer.varint(rows);
  for (const { name, column } of columns) {
    writer.string(name);
    writer.string(typeName(column));
    writeData(writer, column);
  }
  return writer.view();
}

function writeData(writer: ByteWriter, column: ColumnData): void {
  switch (column.kind) {
    case "fixed":
      writer.raw(column.data);
      return;
    case "string":
      for (const value of column.data) writeString(writer, value);
      return;
    case "array":
      for (const end of column.ends) writer.u64(end);
      writeData(writer, column.items);
      return;
    case "map":
      for (const end of column.ends) writer.u64(end);
      writeData(writer, column.keys);
      writeData(writer, column.values);
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
