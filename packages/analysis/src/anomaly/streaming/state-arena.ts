import { AnalysisError } from "../../analysis-error.ts";
import { fromCoarse } from "./coarse-number.ts";

/** A column of one part: doubles, singles, or coarse numbers in the form of `toCoarse`. */
type Column = Float64Array | Float32Array | Uint16Array;

/**
 * The memory of one detector: columns of numbers of which every part owns one. To save a detector
 * is to copy the bytes; to restore it is to put them back.
 */
export class StateArena {
  readonly #columns: Column[] = [];
  /** The same memory as bytes, each column with its place in a packed state. */
  readonly #bytes: { readonly view: Uint8Array; readonly offset: number }[] = [];

  /** Gives the next part a column of doubles: times, and sums that run for long. */
  take(length: number): Float64Array {
    return this.#keep(new Float64Array(length));
  }

  /** As `take`, at half the size, for numbers of which seven digits are enough. */
  takeSingle(length: number): Float32Array {
    return this.#keep(new Float32Array(length));
  }

  /** As `take`, at a quarter of the size, for numbers that are only compared roughly. */
  takeCoarse(length: number): Uint16Array {
    return this.#keep(new Uint16Array(length));
  }

  #keep<T extends Column>(column: T): T {
    const view = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
    this.#bytes.push({ view, offset: this.byteLength });
    this.#columns.push(column);
    return column;
  }

  /** Copies all columns as they lie in memory into `row`, which has `byteLength` bytes. */
  pack(row: Uint8Array): void {
    for (const { view, offset } of this.#bytes) row.set(view, offset);
  }

  /** Takes back what `pack` wrote on this machine; the bytes are trusted. */
  unpack(row: Uint8Array): void {
    for (const { view, offset } of this.#bytes) {
      view.set(row.subarray(offset, offset + view.byteLength));
    }
  }

  /** All columns in the order in which they were taken, little-endian, as base64. */
  save(): string {
    const view = new DataView(new ArrayBuffer(this.byteLength));
    let offset = 0;
    for (const column of this.#columns) {
      const layout = layoutOf(column);
      for (const value of column) {
        layout.write(view, offset, value);
        offset += column.BYTES_PER_ELEMENT;
      }
    }
    let text = "";
    for (let i = 0; i < view.byteLength; i++) text += String.fromCharCode(view.getUint8(i));
    return btoa(text);
  }

  /** Takes what `save` gave; throws `invalid_state` for another size or a number not finite. */
  restore(saved: string): void {
    const view = bytesOf(saved);
    if (view.byteLength !== this.byteLength) {
      const reason = `${view.byteLength} bytes instead of ${this.byteLength}`;
      throw new AnalysisError("invalid_state", { reason });
    }
    const columns: readonly Column[] = this.#columns.map((column) => column.slice());
    let offset = 0;
    for (const column of columns) {
      const layout = layoutOf(column);
      for (let i = 0; i < column.length; i++) {
        column[i] = layout.read(view, offset);
        const value = column instanceof Uint16Array ? fromCoarse(column[i]!) : column[i]!;
        if (!Number.isFinite(value)) {
          const reason = `the number at byte ${offset} is not finite`;
          throw new AnalysisError("invalid_state", { reason });
        }
        offset += column.BYTES_PER_ELEMENT;
      }
    }
    for (const [i, column] of this.#columns.entries()) column.set(columns[i]!);
  }

  /** What the state takes, in memory and saved (before base64). */
  get byteLength(): number {
    return this.#columns.reduce((sum, column) => sum + column.byteLength, 0);
  }
}

function bytesOf(saved: string): DataView {
  let text: string;
  try {
    text = atob(saved);
  } catch (cause) {
    throw new AnalysisError("invalid_state", { reason: "it is not base64" }, { cause });
  }
  return new DataView(Uint8Array.from(text, (character) => character.charCodeAt(0)).buffer);
}

/** How the numbers of a column are laid down. */
interface Layout {
  write(view: DataView, offset: number, value: number): void;
  read(view: DataView, offset: number): number;
}

const DOUBLE: Layout = {
  write: (view, offset, value) => view.setFloat64(offset, value, true),
  read: (view, offset) => view.getFloat64(offset, true),
};
const SINGLE: Layout = {
  write: (view, offset, value) => view.setFloat32(offset, value, true),
  read: (view, offset) => view.getFloat32(offset, true),
};
const COARSE: Layout = {
  write: (view, offset, value) => view.setUint16(offset, value, true),
  read: (view, offset) => view.getUint16(offset, true),
};

function layoutOf(column: Column): Layout {
  if (column instanceof Float64Array) return DOUBLE;
  return column instanceof Float32Array ? SINGLE : COARSE;
}
