import { Autoregression } from "./autoregression.ts";

/** Samples that set the origin and the unit of the model before it predicts. */
export const SEED_SAMPLES = 12;

/** Scales are kept for this many ranges of the expected level: busy hours are noisier than quiet. */
const LEVEL_BINS = 6;

/** Residuals are clipped at this many scales before anything learns from them. */
const CLIP_SCALES = 3;

/** Memory of the overall scale and of each bin's scale. */
const SCALE_SAMPLES = 100;
const BIN_SAMPLES = 200;

/** A bin speaks for itself after this many samples, and never below this part of the overall scale. */
const BIN_TRUSTED_AFTER = 20;
const BIN_FLOOR = 0.3;

/** Mean absolute deviation to standard deviation, for normal data: sqrt(pi / 2), rounded. */
const DEVIATION_TO_SIGMA = 1.25;

/** No scale below this part of the unit: a constant series is not infinitely precise. */
const SMALLEST_SCALE = 1e-6;

const COUNT = 0;
const ORIGIN = 1;
const UNIT = 2;
const SCALE = 3;
const LOWEST = 4;
const HIGHEST = 5;
const CORE_LENGTH = 6;

/** How a value differs from what the autoregression expected. Rewritten by every `take`. */
export interface Innovation {
  expected: number;
  residual: number;
  /** The robust scale of residuals at this level, in the unit of the values. */
  scale: number;
  /** `residual / scale`. */
  z: number;
}

/**
 * One-step surprise of a series: the residual of an autoregression in units of the residuals usual
 * at this level. Learns from clipped residuals, so that an anomaly teaches it little.
 */
export class Innovations {
  static readonly stateLength = CORE_LENGTH + Autoregression.stateLength;
  static readonly binsLength = 2 * LEVEL_BINS;
  /** Of the latest sample. */
  readonly latest: Innovation = { expected: 0, residual: 0, scale: 1, z: 0 };
  readonly #core: Float64Array;
  readonly #binScales: Float32Array;
  readonly #binCounts: Float32Array;
  readonly #model: Autoregression;

  constructor(state: Float64Array, bins: Float32Array) {
    this.#core = state.subarray(0, CORE_LENGTH);
    this.#binScales = bins.subarray(0, LEVEL_BINS);
    this.#binCounts = bins.subarray(LEVEL_BINS);
    this.#model = new Autoregression(state.subarray(CORE_LENGTH));
  }

  /** Whether a residual can be told. */
  get isSeeded(): boolean {
    return this.#core[COUNT]! >= SEED_SAMPLES;
  }

  /** What the next value should be, and how far residuals usually lie around it. */
  forecast(): { readonly expected: number; readonly scale: number } {
    const expected = this.#model.predict();
    const scale = this.#scaleAt(this.#binOf(expected));
    return { expected: this.#restore(expected), scale: scale * this.#core[UNIT]! };
  }

  /** After a gap the old lags say nothing: the value itself becomes the whole history. */
  restartAt(value: number): void {
    this.#model.reset(this.#normalize(value));
  }

  /**
   * Measures a value and learns from it. While seeding, the innovation is 0. `origin` is what the
   * caller has taken off all values: how precise they can be depends on their true size.
   */
  take(value: number, origin = 0): Innovation {
    if (!this.isSeeded) this.#seed(value, origin);
    else this.#measure(value);
    return this.latest;
  }

  #normalize(value: number): number {
    return (value - this.#core[ORIGIN]!) / this.#core[UNIT]!;
  }

  #restore(normalized: number): number {
    return this.#core[ORIGIN]! + normalized * this.#core[UNIT]!;
  }

  #seed(value: number, origin: number): void {
    const core = this.#core;
    const count = core[COUNT]! + 1;
    const distance = value - core[ORIGIN]!;
    core[COUNT] = count;
    core[ORIGIN] = core[ORIGIN]! + distance / count;
    core[UNIT] = core[UNIT]! + (Math.abs(distance) - core[UNIT]!) / count;
    this.latest.expected = value;
    if (count < SEED_SAMPLES) return;
    core[UNIT] = Math.max(core[UNIT]!, 1e-9 + 1e-3 * Math.abs(origin + core[ORIGIN]!));
    core[SCALE] = 1;
    core[LOWEST] = Number.MAX_VALUE;
    core[HIGHEST] = -Number.MAX_VALUE;
    this.restartAt(value);
  }

  #measure(value: number): void {
    const core = this.#core;
    const normalized = this.#normalize(value);
    const expected = this.#model.predict();
    const residual = normalized - expected;
    const overall = Math.max(core[SCALE]!, SMALLEST_SCALE);
    core[LOWEST] = Math.min(core[LOWEST]!, expected);
    core[HIGHEST] = Math.max(core[HIGHEST]!, expected);
    const bin = this.#binOf(expected);
    const scale = this.#scaleAt(bin);
    const z = residual / scale;
    this.latest.expected = this.#restore(expected);
    this.latest.residual = residual * core[UNIT]!;
    this.latest.scale = scale * core[UNIT]!;
    this.latest.z = z;

    const clipped = Math.max(-CLIP_SCALES, Math.min(CLIP_SCALES, residual / overall));
    this.#learnBin(bin, Math.min(CLIP_SCALES, Math.abs(z)), overall);
    this.#model.learn(clipped * overall);
    this.#model.shift(normalized);
    core[COUNT] = core[COUNT]! + 1;
    const rate = Math.max(1 / SCALE_SAMPLES, 1 / (core[COUNT] - SEED_SAMPLES + 1));
    core[SCALE] = core[SCALE]! * (1 + rate * (DEVIATION_TO_SIGMA * Math.abs(clipped) - 1));
  }

  #learnBin(bin: number, distance: number, overall: number): void {
    const count = this.#binCounts[bin]! + 1;
    const before = count === 1 ? overall : this.#binScales[bin]!;
    const rate = Math.max(1 / BIN_SAMPLES, 1 / (count + 1));
    this.#binCounts[bin] = count;
    this.#binScales[bin] = before * (1 + rate * (DEVIATION_TO_SIGMA * distance - 1));
  }

  #scaleAt(bin: number): number {
    const overall = Math.max(this.#core[SCALE]!, SMALLEST_SCALE);
    if (this.#binCounts[bin]! <= BIN_TRUSTED_AFTER) return overall;
    return Math.max(this.#binScales[bin]!, BIN_FLOOR * overall, SMALLEST_SCALE);
  }

  /** Bins widen upwards: most metrics spend their quiet hours near their lowest level. */
  #binOf(expected: number): number {
    const span = this.#core[HIGHEST]! - this.#core[LOWEST]!;
    if (!(span > 0)) return 0;
    const position = Math.sqrt(Math.max(0, (expected - this.#core[LOWEST]!) / span));
    return Math.min(LEVEL_BINS - 1, Math.floor(position * LEVEL_BINS));
  }
}
