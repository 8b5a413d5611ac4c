/** A shift of fewer floats is done in a loop, as a call costs more. */
const SHORT_SHIFT = 24;

/** A stretch [from, to) of a column. */
export type Bounds = readonly [from: number, to: number];

/**
 * The floats of a window in ascending order, kept while the window advances over a column: a sample
 * that leaves makes room for one that enters, found by bisection and moved in one block. NaN sorts
 * before all, -0 before 0. Both ends of the windows may only rise.
 */
export class SortedWindow {
  readonly #column: Float64Array;
  #from = 0;
  #to = 0;
  /** The first `#size` are the floats that are numbers, all zeros as 0. */
  #sorted = new Float64Array(0);
  #size = 0;
  #nans = 0;
  #negativeZeros = 0;

  constructor(column: Float64Array) {
    this.#column = column;
  }

  /** Samples in the window, NaN included. */
  get size(): number {
    return this.#size + this.#nans;
  }

  /** NaNs in the window. */
  get nans(): number {
    return this.#nans;
  }

  /** Moves the window on. */
  advance([from, to]: Bounds): void {
    if (from >= this.#to) {
      this.#refill(from, to);
      return;
    }
    this.#reserve(to - this.#from);
    let leaving = this.#from;
    let entering = this.#to;
    while (leaving < from && entering < to) {
      this.#replace(this.#column[leaving++]!, this.#column[entering++]!);
    }
    while (leaving < from) this.#remove(this.#column[leaving++]!);
    while (entering < to) this.#insert(this.#column[entering++]!);
    this.#from = from;
    this.#to = to;
  }

  /** The float of a rank below `size`; 0 is the smallest. */
  at(rank: number): number {
    const at = rank - this.#nans;
    if (at < 0) return Number.NaN;
    const value = this.#sorted[at]!;
    if (value !== 0 || this.#negativeZeros === 0) return value;
    return at - this.#position(0) < this.#negativeZeros ? -0 : 0;
  }

  #refill(from: number, to: number): void {
    this.#size = 0;
    this.#nans = 0;
    this.#negativeZeros = 0;
    this.#reserve(to - from);
    for (let at = from; at < to; at++) {
      const value = this.#column[at]!;
      if (this.#isNumber(value, 1)) this.#sorted[this.#size++] = value + 0;
    }
    this.#sorted.subarray(0, this.#size).sort();
    this.#from = from;
    this.#to = to;
  }

  #reserve(size: number): void {
    if (size <= this.#sorted.length) return;
    const larger = new Float64Array(2 * size);
    larger.set(this.#sorted.subarray(0, this.#size));
    this.#sorted = larger;
  }

  /** Counts what the order does not tell: NaN and the sign of zero. */
  #isNumber(value: number, change: 1 | -1): boolean {
    if (Number.isNaN(value)) {
      this.#nans += change;
      return false;
    }
    if (value === 0 && 1 / value < 0) this.#negativeZeros += change;
    return true;
  }

  #replace(old: number, value: number): void {
    if (!this.#isNumber(old, -1)) this.#insert(value);
    else if (this.#isNumber(value, 1)) this.#exchange(old, value + 0);
    else this.#removeAt(this.#position(old));
  }

  #exchange(old: number, value: number): void {
    const hole = this.#position(old);
    const place = this.#position(value);
    if (place > hole) {
      this.#shift(hole + 1, place, -1);
      this.#sorted[place - 1] = value;
    } else {
      this.#shift(place, hole, 1);
      this.#sorted[place] = value;
    }
  }

  #insert(value: number): void {
    if (!this.#isNumber(value, 1)) return;
    const place = this.#position(value);
    this.#shift(place, this.#size, 1);
    this.#sorted[place] = value + 0;
    this.#size++;
  }

  #remove(value: number): void {
    if (this.#isNumber(value, -1)) this.#removeAt(this.#position(value));
  }

  #removeAt(place: number): void {
    this.#shift(place + 1, this.#size, -1);
    this.#size--;
  }

  /** Moves [start, end) by one place. */
  #shift(start: number, end: number, by: 1 | -1): void {
    const sorted = this.#sorted;
    if (end - start >= SHORT_SHIFT) sorted.copyWithin(start + by, start, end);
    else if (by === 1) for (let at = end; at > start; at--) sorted[at] = sorted[at - 1]!;
    else for (let at = start; at < end; at++) sorted[at - 1] = sorted[at]!;
  }

  /** The first place whose float is not smaller. */
  #position(value: number): number {
    const sorted = this.#sorted;
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
