import { symmetricEigen } from "../../statistics/principal-components.ts";

/** Samples that the centre and the covariance remember: hours at 15 s, days at five minutes. */
const MEMORY_SAMPLES = 5000;

/** Samples, for each signal, before a row can be told to be far off and learned less. */
const TRUSTED_PER_SIGNAL = 5;

/** Squared distances of p normal signals have mean p and variance 2p; beyond 3 deviations is far. */
const FAR_DEVIATIONS = 3;

/** Added to the correlations' diagonal, so that two signals that say the same are no riddle. */
const RIDGE = 1e-3;

/** No scale below this part of a signal's level: a constant one is not infinitely precise. */
const SMALLEST_SCALE_PART = 1e-3;
const SMALLEST_SCALE = 1e-9;

const COUNT = 0;
const CENTER = 1;

/**
 * Centre and covariance of signals that are seen once each, robust against rows far off: a
 * recursive form of Maronna's M-estimator (Annals of Statistics, 1976), in which a row counts by
 * the square of how far it is beyond the usual. O(p^3) a row for p signals, O(p^2) memory.
 */
export class RobustCovariance {
  static stateLength(signals: number): number {
    return CENTER + signals + signals ** 2;
  }

  readonly #state: Float64Array;
  readonly #covariance: Float64Array;
  readonly #factor: Float64Array;
  readonly #standardized: Float64Array;
  readonly #solved: Float64Array;
  readonly #signals: number;
  readonly #leastScales: readonly number[];

  /** No scale is taken below the least one of its signal, in the signal's unit; 0 when not told. */
  constructor(state: Float64Array, signals: number, leastScales: readonly number[] = []) {
    this.#leastScales = leastScales;
    this.#state = state;
    this.#covariance = state.subarray(CENTER + signals);
    this.#signals = signals;
    this.#factor = new Float64Array(signals ** 2);
    this.#standardized = new Float64Array(signals);
    this.#solved = new Float64Array(signals);
  }

  /** The centre of the signals. */
  get center(): Float64Array {
    return this.#state.slice(CENTER, CENTER + this.#signals);
  }

  /** The covariance, row by row. */
  get covariance(): Float64Array {
    return this.#covariance.slice();
  }

  /** Mahalanobis distance of a row from the centre; 0 before the second row. */
  distance(row: ArrayLike<number>): number {
    if (this.#state[COUNT]! < 2) return 0;
    this.#standardize(row);
    this.#factorize();
    const n = this.#signals;
    let squared = 0;
    for (let i = 0; i < n; i++) {
      let rest = this.#standardized[i]!;
      for (let k = 0; k < i; k++) rest -= this.#factor[i * n + k]! * this.#solved[k]!;
      this.#solved[i] = rest / this.#factor[i * n + i]!;
      squared += this.#solved[i]! ** 2;
    }
    return Math.sqrt(squared);
  }

  /**
   * How much of the squared distance each signal accounts for: parts of 1, by the transformation
   * that keeps the axes closest to the signals (Garthwaite and Koch, "corr-max", 2016). All 0 at
   * the centre.
   */
  shares(row: ArrayLike<number>): Float64Array {
    this.#standardize(row);
    const n = this.#signals;
    const matrix = Array.from({ length: n }, (_, i) =>
      Float64Array.from({ length: n }, (_other, j) => this.#correlation(i, j)),
    );
    const { values, vectors } = symmetricEigen(matrix);
    const whitened = new Float64Array(n);
    for (const [k, value] of values.entries()) {
      let along = 0;
      for (let i = 0; i < n; i++) along += vectors[i]![k]! * this.#standardized[i]!;
      for (let i = 0; i < n; i++) {
        whitened[i] = whitened[i]! + (vectors[i]![k]! * along) / Math.sqrt(value);
      }
    }
    const total = whitened.reduce((sum, part) => sum + part ** 2, 0);
    return whitened.map((part) => (total > 0 ? part ** 2 / total : 0));
  }

  /** Learns a row whose distance the caller has just measured. */
  learn(row: ArrayLike<number>, distance: number): void {
    const state = this.#state;
    const n = this.#signals;
    const count = state[COUNT]! + 1;
    state[COUNT] = count;
    const far = Math.sqrt(n + FAR_DEVIATIONS * Math.sqrt(2 * n));
    const isFar = count > TRUSTED_PER_SIGNAL * n && distance > far;
    const weight = isFar ? far / distance : 1;
    const rate = Math.max(1 / MEMORY_SAMPLES, 1 / count);
    for (let i = 0; i < n; i++) this.#standardized[i] = row[i]! - state[CENTER + i]!;
    for (let i = 0; i < n; i++) {
      state[CENTER + i] = state[CENTER + i]! + rate * weight * this.#standardized[i]!;
      for (let j = 0; j < n; j++) {
        const at = i * n + j;
        const product = weight ** 2 * this.#standardized[i]! * this.#standardized[j]!;
        // The factor makes the first rows' covariance that of their own mean (Welford 1962).
        const spread = rate * (1 - rate) * product;
        this.#covariance[at] = this.#covariance[at]! * (1 - rate) + spread;
      }
    }
  }

  #standardize(row: ArrayLike<number>): void {
    for (let i = 0; i < this.#signals; i++) {
      this.#standardized[i] = (row[i]! - this.#state[CENTER + i]!) / this.#scaleOf(i);
    }
  }

  #scaleOf(signal: number): number {
    const level = Math.abs(this.#state[CENTER + signal]!);
    const small = SMALLEST_SCALE + SMALLEST_SCALE_PART * level;
    const least = Math.max(small, this.#leastScales[signal] ?? 0);
    return Math.max(least, Math.sqrt(this.#covariance[signal * this.#signals + signal]!));
  }

  #correlation(i: number, j: number): number {
    if (i === j) return 1 + RIDGE;
    return this.#covariance[i * this.#signals + j]! / (this.#scaleOf(i) * this.#scaleOf(j));
  }

  /** Cholesky's factor of the correlations; the ridge keeps every pivot above 0. */
  #factorize(): void {
    const n = this.#signals;
    const factor = this.#factor;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = this.#correlation(i, j);
        for (let k = 0; k < j; k++) sum -= factor[i * n + k]! * factor[j * n + k]!;
        if (i === j) factor[i * n + i] = Math.sqrt(Math.max(sum, RIDGE));
        else factor[i * n + j] = sum / factor[j * n + j]!;
      }
    }
  }
}
