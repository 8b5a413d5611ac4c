/** Intervals without a sample from which history is too old to judge the next sample by. */
const GAP_INTERVALS = 5;

/** Samples after which the interval is trusted. */
const TRUSTED_AFTER = 8;

const LAST_MS = 0;
const INTERVAL_MS = 1;
const COUNT = 2;

/** What the time of a sample says about its place in the stream. */
export type Arrival = "first" | "next" | "after-gap" | "out-of-order";

/** Learns the usual distance of samples, and from it what a gap is. O(1), three numbers. */
export class SamplingInterval {
  static readonly stateLength = 3;
  readonly #state: Float64Array;

  constructor(state: Float64Array) {
    this.#state = state;
  }

  /** The usual distance; 0 before the second sample. */
  get intervalMs(): number {
    return this.#state[INTERVAL_MS]!;
  }

  /** Whether the interval rests on enough samples to call anything a gap. */
  get isTrusted(): boolean {
    return this.#state[COUNT]! >= TRUSTED_AFTER;
  }

  /** Time of the last sample in order. */
  get lastMs(): number {
    return this.#state[LAST_MS]!;
  }

  /** Places a sample and learns from it; one out of order is not learned. */
  place(timestampMs: number): Arrival {
    const state = this.#state;
    if (state[COUNT] === 0) {
      state[LAST_MS] = timestampMs;
      state[COUNT] = 1;
      return "first";
    }
    const distanceMs = timestampMs - state[LAST_MS]!;
    if (!(distanceMs > 0)) return "out-of-order";
    const isGap = this.isTrusted && distanceMs > GAP_INTERVALS * this.intervalMs;
    state[LAST_MS] = timestampMs;
    if (isGap) return "after-gap";
    this.#learn(distanceMs);
    return "next";
  }

  /** A stochastic median: small multiplicative steps, so one odd distance moves it by 5 % at most. */
  #learn(distanceMs: number): void {
    const state = this.#state;
    const isEarly = state[COUNT]! <= 2;
    if (isEarly) state[INTERVAL_MS] = distanceMs;
    else if (distanceMs > state[INTERVAL_MS]!) {
      state[INTERVAL_MS] = Math.min(distanceMs, state[INTERVAL_MS]! * 1.05);
    } else {
      state[INTERVAL_MS] = Math.max(distanceMs, state[INTERVAL_MS]! * 0.95);
    }
    state[COUNT] = Math.min(state[COUNT]! + 1, Number.MAX_SAFE_INTEGER);
  }

  /** Whether no sample has come for so long that the series is absent. */
  isAbsent(nowMs: number): boolean {
    return this.isTrusted && nowMs - this.lastMs > GAP_INTERVALS * this.intervalMs;
  }
}
