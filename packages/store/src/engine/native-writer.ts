import type { PackedChoices } from "@avx/model";
import { ByteWriter } from "./byte-writer.ts";
import type { InsertBlock } from "./engine.ts";
import { type ColumnData, type FixedArray, type NamedColumn, typeName } from "./native-columns.ts";

/** Smaller columns are copied together; larger ones go to the file from where they are. */
const MIN_OWN_PART_BYTES = 4096;

/**
 * One block in ClickHouse's Native format (columns, rows, then name, type and data of each column), in
 * parts to be written one after another. Data goes to the engine only in such files, never inside SQL
 * text, where a blank line would end it.
 */
export function nativeBlock(columns: readonly NamedColumn[], rows: number): Uint8Array[] {
  const parts = new PartList(new ByteWriter(), MIN_OWN_PART_BYTES);
  writeBlock(parts, columns, rows);
  return parts.finish();
}

/** A writer that keeps its memory: a block a request must not make garbage of several times its size. */
let scratch = new ByteWriter();

/** More is not kept. */
const MAX_SCRATCH_BYTES = 8 * 1024 * 1024;

/** The same in one piece, which takes no more memory than its bytes. */
export function packedBlock(columns: readonly NamedColumn[], rows: number): Uint8Array {
  scratch.restart();
  writeBlock(new PartList(scratch, Number.POSITIVE_INFINITY), columns, rows);
  const block = Buffer.from(scratch.view());
  if (scratch.capacity > MAX_SCRATCH_BYTES) scratch = new ByteWriter();
  return block;
}

function writeBlock(parts: PartList, columns: readonly NamedColumn[], rows: number): void {
  parts.writer.varint(columns.length);
  parts.writer.varint(rows);
  for (const { name, column } of columns) {
    parts.writer.string(name);
    parts.writer.string(typeName(column));
    writePrefix(parts.writer, column);
    writeData(parts, column);
  }
}

/** A block of an insert: its columns as SQL, and its bytes in parts. */
export function insertedBlock(block: InsertBlock): { names: string; parts: Uint8Array[] } {
  const isEncoded = "encoded" in block;
  const names = isEncoded ? block.names : block.columns.map(({ name }) => name);
  return {
    names: names.map((name) => `\`${name}\``).join(", "),
    parts: isEncoded ? [block.encoded] : nativeBlock(block.columns, block.rows),
  };
}

class PartList {
  writer: ByteWriter;
  private readonly parts: Uint8Array[] = [];
  private readonly minOwnPartBytes: number;

  constructor(writer: ByteWriter, minOwnPartBytes: number) {
    this.writer = writer;
    this.minOwnPartBytes = minOwnPartBytes;
  }

  /** The memory of a typed array as it is (all our platforms are little-endian). */
  raw({ buffer, byteOffset, byteLength }: FixedArray): void {
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    if (byteLength < this.minOwnPartBytes) {
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

/** Version of the layout of a LowCardinality column: it stands once before the data of a block. */
const CHOICES_VERSION = 1;

function writePrefix(writer: ByteWriter, column: ColumnData): void {
  if (column.kind === "choice") writer.u64(CHOICES_VERSION);
  else if (column.kind === "array") writePrefix(writer, column.items);
  else if (column.kind === "map") {
    writePrefix(writer, column.keys);
    writePrefix(writer, column.values);
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
    case "packed":
      parts.writer.bytes(column.texts);
      return;
    case "repeated":
      for (const { texts, times } of column.runs) parts.writer.repeated(texts, times);
      return;
    case "choice":
      writeChoices(parts.writer, column.choices);
      return;
    case "array":
      parts.writer.u64s(column.ends);
      writeData(parts, column.items);
      return;
    case "map":
      parts.writer.u64s(column.ends);
      writeData(parts, column.keys);
      writeData(parts, column.values);
      return;
  }
}

function writeString(writer: ByteWriter, value: string | Uint8Array): void {
  if (typeof value === "string") writer.string(value);
  else writer.sizedBytes(value);
}

/** The texts stand in the block itself (bit 9), and are those of this block only (bit 10). */
const OWN_TEXTS = (1 << 9) | (1 << 10);

/** No row: nothing. Else the texts, then the number of the one of each row in 1, 2 or 4 bytes. */
function writeChoices(writer: ByteWriter, { texts, count, indexes }: PackedChoices): void {
  if (indexes.length === 0) return;
  const bytes = count <= 0x100 ? 1 : count <= 0x10000 ? 2 : 4;
  writer.u64(OWN_TEXTS | (bytes >> 1));
  writer.u64(count);
  writer.bytes(texts);
  writer.u64(indexes.length);
  writer.integers(indexes, bytes);
}
