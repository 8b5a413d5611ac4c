import { AnalysisError } from "../../analysis-error.ts";

/**
 * The memory of one detector: columns of numbers of which every part owns one. To save a detector
 * is to list the numbers; to restore it is to put them back.
 */
export class StateArena {
  readonly #columns: (Float64Array | Float32Array)[] = [];

  /** Gives the next part its column of zeros. */
  take(length: number): Float64Array {
    const column = new Float64Array(length);
    this.#columns.push(column);
    return column;
  }

  /** As `take`, at half the size, for numbers of which seven digits are enough. */
  takeSingle(length: number): Float32Array {
    const column = new Float32Array(length);
    this.#columns.push(column);
    return column;
  }

  /** All numbers in the order in which their columns were taken. */
  save(): number[] {
    return this.#columns.flatMap((column) => [...column]);
  }

  /** Takes numbers that `save` gave; throws `invalid_state` for a wrong count or a non-finite one. */
  restore(saved: readonly number[]): void {
    if (saved.length !== this.length) {
      const reason = `${saved.length} numbers instead of ${this.length}`;
      throw new AnalysisError("invalid_state", { reason });
    }
    const wrong = saved.findIndex((number) => !Number.isFinite(number));
    if (wrong >= 0) {
      throw new AnalysisError("invalid_state", { reason: `number ${wrong} is not finite` });
    }
    let offset = 0;
    for (const column of this.#columns) {
      column.set(saved.slice(offset, offset + column.length));
      offset += column.length;
    }
  }

  /** How many numbers the state has. */
  get length(): number {
    return this.#columns.reduce((sum, column) => sum + column.length, 0);
  }

  /** What the state takes in memory. */
  get byteLength(): number {
    return this.#columns.reduce((sum, column) => sum + column.byteLength, 0);
  }
}
