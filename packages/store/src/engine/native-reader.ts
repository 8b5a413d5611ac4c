import { AvxError } from "@avx/model";
import type { FixedArray } from "./native-columns.ts";

/** Strings of one column, decoded when asked for. */
export interface StringColumn {
  readonly kind: "string";
  text(row: number): string;
  /** A view into the answer; copy it to keep it. */
  bytes(row: number): Buffer;
}

/** A column of an answer. */
export type ReadColumn =
  | { readonly kind: "fixed"; readonly data: FixedArray }
  | StringColumn
  /** Row i has the items `start(i)` .. `ends[i]` (exclusive). */
  | { readonly kind: "array"; readonly ends: Float64Array; readonly items: ReadColumn }
  | {
      readonly kind: "map";
      readonly ends: Float64Array;
      readonly keys: ReadColumn;
      readonly values: ReadColumn;
    };

/** Some rows of an answer; a long answer comes in several blocks. */
export interface NativeBlock {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, ReadColumn>;
}

const FIXED: Readonly<
  Record<string, { readonly bytes: number; make(b: ArrayBuffer): FixedArray }>
> = {
  UInt8: { bytes: 1, make: (buffer) => new Uint8Array(buffer) },
  UInt32: { bytes: 4, make: (buffer) => new Uint32Array(buffer) },
  Int32: { bytes: 4, make: (buffer) => new Int32Array(buffer) },
  Int64: { bytes: 8, make: (buffer) => new BigInt64Array(buffer) },
  UInt64: { bytes: 8, make: (buffer) => new BigUint64Array(buffer) },
  Float64: { bytes: 8, make: (buffer) => new Float64Array(buffer) },
  "DateTime64(9)": { bytes: 8, make: (buffer) => new BigInt64Array(buffer) },
};

/** Reads an answer in ClickHouse's Native format. Throws `internal` on a type that we never ask for. */
export function readNative(bytes: Uint8Array): NativeBlock[] {
  const reader = new NativeReader(bytes);
  const blocks: NativeBlock[] = [];
  while (!reader.isAtEnd) {
    const block = reader.block();
    if (block.rows > 0) blocks.push(block);
  }
  return blocks;
}

class NativeReader {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  block(): NativeBlock {
    const columnCount = this.varint();
    const rows = this.varint();
    const columns = new Map<string, ReadColumn>();
    for (let i = 0; i < columnCount; i++) {
      const name = this.string();
      const type = this.string();
      // The version of each LowCardinality column stands before the data; there is but one.
      this.at += 8 * (type.split("LowCardinality(").length - 1);
      columns.set(name, this.column(type, rows));
    }
    return { rows, columns };
  }

  private varint(): number {
    let value = 0;
    let factor = 1;
    let byte: number;
    do {
      byte = this.bytes[this.at++]!;
      value += (byte & 127) * factor;
      factor *= 128;
    } while (byte > 127);
    return value;
  }

  private string(): string {
    const length = this.varint();
    this.at += length;
    return this.bytes.toString("utf8", this.at - length, this.at);
  }

  private column(type: string, rows: number): ReadColumn {
    const fixed = FIXED[type];
    if (fixed) return { kind: "fixed", data: fixed.make(this.take(rows * fixed.bytes)) };
    if (type === "String") return this.stringColumn(rows);
    if (type === "LowCardinality(String)") return this.choiceColumn(rows);
    const inner = /^(Array|Map)\((.*)\)$/.exec(type)?.[2];
    if (inner === undefined) throw new AvxError("internal", { type });
    const ends = this.ends(rows);
    const items = rows === 0 ? 0 : ends[rows - 1]!;
    if (type.startsWith("Array(")) return { kind: "array", ends, items: this.column(inner, items) };
    const [key, value] = inner.split(", ");
    return {
      kind: "map",
      ends,
      keys: this.column(key ?? "", items),
      values: this.column(value ?? "", items),
    };
  }

  /** An aligned copy: the answer's columns start at any byte. */
  private take(length: number): ArrayBuffer {
    const copy = new ArrayBuffer(length);
    new Uint8Array(copy).set(this.bytes.subarray(this.at, this.at + length));
    this.at += length;
    return copy;
  }

  private ends(rows: number): Float64Array {
    const words = new Uint32Array(this.take(rows * 8));
    const ends = new Float64Array(rows);
    for (let i = 0; i < rows; i++) ends[i] = words[2 * i]! + words[2 * i + 1]! * 4294967296;
    return ends;
  }

  /** Only as our own writer writes it: 1, 2 or 4 bytes a row, all texts in the block. */
  private choiceColumn(rows: number): StringColumn {
    if (rows === 0) return this.stringColumn(0);
    const width = 1 << (this.bytes[this.at]! & 3);
    const count = this.bytes.readUInt32LE(this.at + 8);
    this.at += 16;
    const choices = this.stringColumn(count);
    this.at += 8;
    const from = this.at;
    this.at += rows * width;
    const { bytes } = this;
    const choiceOf = (row: number): number => bytes.readUIntLE(from + row * width, width);
    const texts: (string | undefined)[] = [];
    const textOf = (choice: number): string => {
      texts[choice] ??= choices.text(choice);
      return texts[choice];
    };
    return {
      kind: "string",
      text: (row) => textOf(choiceOf(row)),
      bytes: (row) => choices.bytes(choiceOf(row)),
    };
  }

  private stringColumn(rows: number): StringColumn {
    const starts = new Uint32Array(rows);
    const ends = new Uint32Array(rows);
    for (let i = 0; i < rows; i++) {
      const length = this.varint();
      starts[i] = this.at;
      this.at += length;
      ends[i] = this.at;
    }
    const { bytes } = this;
    return {
      kind: "string",
      text: (row) => bytes.toString("utf8", starts[row], ends[row]),
      bytes: (row) => bytes.subarray(starts[row], ends[row]),
    };
  }
}
