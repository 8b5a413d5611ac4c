import { AnalysisError } from "../../analysis-error.ts";

/**
 * The memory of one detector: a single column of numbers of which every part owns a slice. To save
 * a detector is to copy the column; to restore it is to copy it back.
 */
export class StateArena {
  readonly #slices: Float64Array[] = [];

  /** Gives the next part its slice, filled with `initial`. */
  take(length: number, initial = 0): Float64Array {
    const slice = new Float64Array(length).fill(initial);
    this.#slices.push(slice);
    return slice;
  }

  /** All numbers in the order in which they were taken. */
  save(): Float64Array {
    const saved = new Float64Array(this.length);
    let offset = 0;
    for (const slice of this.#slices) {
      saved.set(slice, offset);
      offset += slice.length;
    }
    return saved;
  }

  /** Takes numbers that `save` gave; throws `invalid_state` when their count differs. */
  restore(saved: ArrayLike<number>): void {
    if (saved.length !== this.length) {
      const reason = `${saved.length} numbers instead of ${this.length}`;
      throw new AnalysisError("invalid_state", { reason });
    }
    let offset = 0;
    for (const slice of this.#slices) {
      for (let i = 0; i < slice.length; i++) slice[i] = saved[offset + i]!;
      offset += slice.length;
    }
  }

  /** How many numbers the state has. */
  get length(): number {
    return this.#slices.reduce((sum, slice) => sum + slice.length, 0);
  }
}
