const UP = 0;
const DOWN = 1;

/**
 * The largest deviation seen so far, up and down, fading with time: what a series has shown it can
 * do without anybody being called. A new deviation is measured against it.
 */
export class DecayedRecord {
  static readonly stateLength = 2;
  readonly #state: Float32Array;
  readonly #keep: number;
  readonly #isSigned: boolean;

  constructor(
    state: Float32Array,
    options: { readonly halfLifeSamples: number; readonly isSigned: boolean },
  ) {
    this.#state = state;
    this.#keep = 0.5 ** (1 / options.halfLifeSamples);
    this.#isSigned = options.isSigned;
  }

  /** The deviation as a multiple of the record on its side; 0 while there is none. */
  ratio(deviation: number): number {
    const record = this.#state[this.#sideOf(deviation)]!;
    return record > 0 ? Math.abs(deviation) / record : 0;
  }

  /** The record on the side of `sign`; 0 while there is none. */
  bound(sign: number): number {
    return this.#state[this.#sideOf(sign)]!;
  }

  /** Fades, then takes the deviation in. */
  learn(deviation: number): void {
    const state = this.#state;
    state[UP] = state[UP]! * this.#keep;
    state[DOWN] = state[DOWN]! * this.#keep;
    const side = this.#sideOf(deviation);
    state[side] = Math.max(state[side]!, Math.abs(deviation));
  }

  #sideOf(deviation: number): number {
    return this.#isSigned && deviation < 0 ? DOWN : UP;
  }
}
