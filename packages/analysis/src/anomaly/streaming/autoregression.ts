/** Lags of the model; 4 follow a slope and its bend, more did not help on the public data. */
export const AR_ORDER = 4;

const SIZE = AR_ORDER + 1;
const COEFFICIENTS = 0;
const LAGS = COEFFICIENTS + SIZE;
const COVARIANCE = LAGS + AR_ORDER;

/** Covariance at the start: large, so that the data and not the guess decides. */
const INITIAL_COVARIANCE = 10;

/**
 * The next value as a linear function of the last ones, fitted by recursive least squares with
 * forgetting (Haykin, Adaptive Filter Theory, ch. 10). It begins as "the next value is the last".
 * Values must be of size about 1. O(order^2) per sample.
 */
export class Autoregression {
  static readonly stateLength = SIZE + AR_ORDER + SIZE * SIZE;
  readonly #state: Float64Array;
  readonly #forgetting: number;
  readonly #inputs = new Float64Array(SIZE);
  readonly #gain = new Float64Array(SIZE);

  constructor(state: Float64Array, memorySamples: number) {
    this.#state = state;
    this.#forgetting = 1 - 1 / memorySamples;
    state[COEFFICIENTS + 1] = 1;
    for (let i = 0; i < SIZE; i++) state[COVARIANCE + i * SIZE + i] = INITIAL_COVARIANCE;
  }

  /** Sets every lag to one value: after a gap, and at the first sample. */
  reset(value: number): void {
    this.#state.fill(value, LAGS, LAGS + AR_ORDER);
  }

  /** Adds `shift` to every lag, when the origin of the values moves. */
  move(scale: number, shift: number): void {
    for (let i = LAGS; i < LAGS + AR_ORDER; i++) {
      this.#state[i] = this.#state[i]! * scale + shift;
    }
  }

  /** The expected next value. */
  predict(): number {
    this.#readInputs();
    let sum = 0;
    for (let i = 0; i < SIZE; i++) sum += this.#state[COEFFICIENTS + i]! * this.#inputs[i]!;
    return sum;
  }

  /** Fits the coefficients to `residual`, which the caller may have clipped, of the last `predict`. */
  learn(residual: number): void {
    const state = this.#state;
    let energy = this.#forgetting;
    for (let i = 0; i < SIZE; i++) {
      let sum = 0;
      for (let j = 0; j < SIZE; j++) sum += state[COVARIANCE + i * SIZE + j]! * this.#inputs[j]!;
      this.#gain[i] = sum;
      energy += sum * this.#inputs[i]!;
    }
    let trace = 0;
    for (let i = 0; i < SIZE; i++) {
      state[COEFFICIENTS + i] = state[COEFFICIENTS + i]! + (this.#gain[i]! * residual) / energy;
      for (let j = 0; j <= i; j++) {
        const at = COVARIANCE + i * SIZE + j;
        const next = (state[at]! - (this.#gain[i]! * this.#gain[j]!) / energy) / this.#forgetting;
        state[at] = next;
        state[COVARIANCE + j * SIZE + i] = next;
      }
      trace += state[COVARIANCE + i * SIZE + i]!;
    }
    this.#keepBounded(trace);
  }

  /** Makes `value` the latest lag. */
  shift(value: number): void {
    this.#state.copyWithin(LAGS + 1, LAGS, LAGS + AR_ORDER - 1);
    this.#state[LAGS] = value;
  }

  #readInputs(): void {
    this.#inputs[0] = 1;
    for (let i = 0; i < AR_ORDER; i++) this.#inputs[i + 1] = this.#state[LAGS + i]!;
  }

  /** Constant input would let the covariance grow for ever (wind-up); a full reset is harmless. */
  #keepBounded(trace: number): void {
    if (trace > 0 && trace < 1e6) return;
    this.#state.fill(0, COVARIANCE, COVARIANCE + SIZE * SIZE);
    for (let i = 0; i < SIZE; i++) this.#state[COVARIANCE + i * SIZE + i] = INITIAL_COVARIANCE;
  }
}
