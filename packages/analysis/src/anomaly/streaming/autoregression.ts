/** Lags of the model: two follow a slope; more fitted the public data no better. */
export const AR_ORDER = 2;

const SIZE = AR_ORDER + 1;
const COEFFICIENTS = 0;
const LAGS = COEFFICIENTS + SIZE;
const COVARIANCE = LAGS + AR_ORDER;

/** Covariance at the start: large, so that the data and not the guess decides. */
const INITIAL_COVARIANCE = 3;

/** A covariance grown beyond this has lost its meaning: constant input winds it up. */
const MAXIMUM_TRACE = 1e6;

/** Samples that the fit remembers. */
const MEMORY_SAMPLES = 4000;
const FORGETTING = 1 - 1 / MEMORY_SAMPLES;

/**
 * The next value as a linear function of the last ones, fitted by recursive least squares with
 * forgetting (Haykin, Adaptive Filter Theory, ch. 10). It begins as "the next value is the last".
 * Values must be of size about 1.
 */
export class Autoregression {
  static readonly stateLength = SIZE + AR_ORDER + SIZE * SIZE;
  readonly #state: Float64Array;
  readonly #inputs = new Float64Array(SIZE);
  readonly #gain = new Float64Array(SIZE);

  constructor(state: Float64Array) {
    this.#state = state;
    state[COEFFICIENTS + 1] = 1;
    this.#resetCovariance();
  }

  /** Sets every lag to one value: after a gap, and at the first sample. */
  reset(value: number): void {
    this.#state.fill(value, LAGS, LAGS + AR_ORDER);
  }

  /** The expected next value. */
  predict(): number {
    const state = this.#state;
    this.#inputs[0] = 1;
    for (let i = 0; i < AR_ORDER; i++) this.#inputs[i + 1] = state[LAGS + i]!;
    let sum = 0;
    for (let i = 0; i < SIZE; i++) sum += state[COEFFICIENTS + i]! * this.#inputs[i]!;
    return sum;
  }

  /** Fits the coefficients to the residual of the last `predict`, which the caller may have clipped. */
  learn(residual: number): void {
    const state = this.#state;
    let energy = FORGETTING;
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
        const next = (state[at]! - (this.#gain[i]! * this.#gain[j]!) / energy) / FORGETTING;
        state[at] = next;
        state[COVARIANCE + j * SIZE + i] = next;
      }
      trace += state[COVARIANCE + i * SIZE + i]!;
    }
    if (!(trace > 0 && trace < MAXIMUM_TRACE)) this.#resetCovariance();
  }

  /** Makes `value` the latest lag. */
  shift(value: number): void {
    this.#state.copyWithin(LAGS + 1, LAGS, LAGS + AR_ORDER - 1);
    this.#state[LAGS] = value;
  }

  #resetCovariance(): void {
    this.#state.fill(0, COVARIANCE, COVARIANCE + SIZE * SIZE);
    for (let i = 0; i < SIZE; i++) this.#state[COVARIANCE + i * SIZE + i] = INITIAL_COVARIANCE;
  }
}
