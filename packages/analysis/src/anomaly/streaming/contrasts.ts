/** Samples of the windows whose means are compared with a slower level. */
const SHORT = 3;
const MIDDLE = 20;
const LONG = 50;

/** Memories of the slower levels; each sees a sample only once it has left the window. */
const SHORT_LEVEL_SAMPLES = 50;
const MIDDLE_LEVEL_SAMPLES = 200;
const LONG_LEVEL_SAMPLES = 1000;

/** Memory of the level of all history; long enough to be "ever" for a day-old eye. */
const HISTORY_SAMPLES = 50_000;

/** Memory of the mean step between neighbours. */
const ROUGHNESS_SAMPLES = 100;

const RING_LENGTH = LONG + 1;

const COUNT = 0;
const SHORT_SUM = 1;
const MIDDLE_SUM = 2;
const LONG_SUM = 3;
const SHORT_LEVEL = 4;
const MIDDLE_LEVEL = 5;
const LONG_LEVEL = 6;
const HISTORY = 7;
const ROUGHNESS = 8;
const CORE_LENGTH = 9;

/** Differences between the latest samples and what came before, in the unit of the values. */
export interface ContrastValues {
  /** Mean of 3 samples against the level of the 50 before. */
  burst: number;
  /** Mean of 20 against the level of 200. */
  shift: number;
  /** Mean of 50 against the level of 1000. */
  drift: number;
  /** The sample against the mean of all history. */
  extreme: number;
  /** Mean absolute step between neighbours over 100 samples; never negative. */
  roughness: number;
  /** Distance of the newest shape from those before; never negative. The caller sets it. */
  pattern: number;
}

/** Watches a series at several speeds at once; a ring of 51 samples and running sums. */
export class Contrasts {
  static readonly stateLength = CORE_LENGTH;
  static readonly ringLength = RING_LENGTH;
  readonly latest: ContrastValues = {
    ...{ burst: 0, shift: 0, drift: 0, extreme: 0, roughness: 0, pattern: 0 },
  };
  readonly #core: Float64Array;
  readonly #ring: Float32Array;

  constructor(state: Float64Array, ring: Float32Array) {
    this.#core = state;
    this.#ring = ring;
  }

  /** The level of the last 50 samples but 3, around which a burst is measured. */
  get level(): number {
    return this.#core[SHORT_LEVEL]!;
  }

  /** The mean of all history. */
  get history(): number {
    return this.#core[HISTORY]!;
  }

  /** Takes a sample, of single precision, into every window and level. */
  take(value: number): ContrastValues {
    const core = this.#core;
    const count = core[COUNT]!;
    if (count === 0) this.#begin(value);
    const previous = this.#ago(1);
    const leaving = [this.#ago(SHORT), this.#ago(MIDDLE), this.#ago(LONG)] as const;
    core[SHORT_SUM] = core[SHORT_SUM]! + value - leaving[0];
    core[MIDDLE_SUM] = core[MIDDLE_SUM]! + value - leaving[1];
    core[LONG_SUM] = core[LONG_SUM]! + value - leaving[2];
    this.#approach(SHORT_LEVEL, leaving[0], rateOf(SHORT_LEVEL_SAMPLES, count - SHORT));
    this.#approach(MIDDLE_LEVEL, leaving[1], rateOf(MIDDLE_LEVEL_SAMPLES, count - MIDDLE));
    this.#approach(LONG_LEVEL, leaving[2], rateOf(LONG_LEVEL_SAMPLES, count - LONG));
    this.#approach(ROUGHNESS, Math.abs(value - previous), rateOf(ROUGHNESS_SAMPLES, count));
    const latest = this.latest;
    latest.burst = core[SHORT_SUM] / SHORT - core[SHORT_LEVEL]!;
    latest.shift = core[MIDDLE_SUM] / MIDDLE - core[MIDDLE_LEVEL]!;
    latest.drift = core[LONG_SUM] / LONG - core[LONG_LEVEL]!;
    latest.extreme = value - core[HISTORY]!;
    latest.roughness = core[ROUGHNESS]!;
    this.#approach(HISTORY, value, rateOf(HISTORY_SAMPLES, count));
    core[COUNT] = count + 1;
    this.#ring[count % RING_LENGTH] = value;
    if (core[COUNT] % RING_LENGTH === 0) this.#sumAfresh();
    return latest;
  }

  #begin(value: number): void {
    this.#ring.fill(value);
    this.#core.fill(value, SHORT_LEVEL, ROUGHNESS);
    this.#sumAfresh();
  }

  #ago(samples: number): number {
    return this.#ring[(this.#core[COUNT]! - samples + 2 * RING_LENGTH) % RING_LENGTH]!;
  }

  #approach(slot: number, value: number, rate: number): void {
    this.#core[slot] = this.#core[slot]! + rate * (value - this.#core[slot]!);
  }

  /** Once a round, so that the rounding error of a huge value does not stay in the running sums. */
  #sumAfresh(): void {
    this.#core.fill(0, SHORT_SUM, LONG_SUM + 1);
    for (let samples = 1; samples <= LONG; samples++) {
      const value = this.#ago(samples);
      if (samples <= SHORT) this.#core[SHORT_SUM] = this.#core[SHORT_SUM]! + value;
      if (samples <= MIDDLE) this.#core[MIDDLE_SUM] = this.#core[MIDDLE_SUM]! + value;
      this.#core[LONG_SUM] = this.#core[LONG_SUM]! + value;
    }
  }
}

/** An exponential mean that starts as the plain mean of the `seen` samples before and this one. */
function rateOf(memorySamples: number, seen: number): number {
  return seen < 0 ? 0 : Math.max(1 / memorySamples, 1 / (seen + 1));
}
