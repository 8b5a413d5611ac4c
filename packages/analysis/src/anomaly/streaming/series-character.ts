import type { Innovation } from "./innovations.ts";

/** The share of surprises that lie below the tracked one. */
const TAIL_SHARE = 0.98;
const TAIL_STEP = 0.01;
const TAIL_START = 3;

/** The tail of normal surprises is 2.3 scales; beyond this one jumps are part of the series' life. */
const LIGHT_TAIL = 3.35;

/** A series whose residuals are below this part of its spread is predictable from its last values. */
const PREDICTABLE_RATIO = 0.35;

/** Memory of both spreads. */
const SPREAD_SAMPLES = 3000;

/** A series is sparse where more than this share of samples repeats the one before. */
const SPARSE_SHARE = 0.8;
const REPEAT_SAMPLES = 1000;

/** One residual counts at most this many times the usual. */
const CLIP_TIMES = 10;

const COUNT = 0;
const TAIL = 1;
const CENTER = 2;
const SPREAD = 3;
const RESIDUAL_SPREAD = 4;
const REPEATS = 5;

/** What kind of series this is, as far as it decides how it must be judged. */
export class SeriesCharacter {
  static readonly stateLength = 6;
  readonly #state: Float32Array;

  constructor(state: Float32Array) {
    this.#state = state;
    state[TAIL] = TAIL_START;
  }

  /** The surprise, in scales, that 98 of 100 samples stay below. */
  get tail(): number {
    return this.#state[TAIL]!;
  }

  /** Whether big surprises are so rare here that one of them means something. */
  get isLightTailed(): boolean {
    return this.tail <= LIGHT_TAIL;
  }

  /** Whether the last values tell the next one well, as in a smooth daily curve. */
  get isPredictable(): boolean {
    const spread = this.#state[SPREAD]!;
    return spread > 0 && this.#state[RESIDUAL_SPREAD]! <= PREDICTABLE_RATIO * spread;
  }

  /** Whether hardly anything happens, as in the count of a rare error. */
  get isSparse(): boolean {
    return this.#state[REPEATS]! > SPARSE_SHARE;
  }

  /** Learns from one sample, its innovation, and whether it repeats the sample before. */
  learn(value: number, innovation: Innovation, isRepeat: boolean): void {
    const state = this.#state;
    const count = state[COUNT]! + 1;
    state[COUNT] = count;
    if (count === 1) state[CENTER] = value;
    // A stochastic quantile in multiplicative steps (Robbins and Monro 1951).
    const isAbove = Math.abs(innovation.z) > state[TAIL]!;
    const step = isAbove ? TAIL_STEP * TAIL_SHARE : TAIL_STEP * (TAIL_SHARE - 1);
    state[TAIL] = Math.max(0.5, state[TAIL]! * (1 + step));
    const rate = Math.max(1 / SPREAD_SAMPLES, 1 / (count + 1));
    state[CENTER] = state[CENTER]! + rate * (value - state[CENTER]!);
    const distance = Math.abs(value - state[CENTER]!);
    state[SPREAD] = state[SPREAD]! + rate * (distance - state[SPREAD]!);
    const repeatRate = Math.max(1 / REPEAT_SAMPLES, 1 / (count + 1));
    state[REPEATS] = state[REPEATS]! + repeatRate * ((isRepeat ? 1 : 0) - state[REPEATS]!);
    const residual = Math.abs(innovation.residual);
    const usual = state[RESIDUAL_SPREAD]! || residual;
    const clipped = Math.min(residual, CLIP_TIMES * usual);
    state[RESIDUAL_SPREAD] = state[RESIDUAL_SPREAD]! + rate * (clipped - state[RESIDUAL_SPREAD]!);
  }
}
