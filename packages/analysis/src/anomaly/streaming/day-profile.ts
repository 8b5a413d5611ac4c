const DAY_MS = 86_400_000;

/** Slots of the day: a quarter of an hour each, or longer where samples are rarer. */
const MOST_SLOTS = 96;

/** Fewer slots than this do not draw a day; rarer samples than hourly have no profile. */
const FEWEST_SLOTS = 24;

/** Days after which values are compared with the profile: every slot has been seen. */
const COMPARED_AFTER_DAYS = 1.1;

/** Days before the series may be judged by it: the second must have confirmed the first. */
const JUDGED_AFTER_DAYS = 2.2;

/** Days that a slot remembers. */
const MEMORY_DAYS = 4;

/** The day explains the series when distances from the profile are below this part of the spread. */
const SEASONAL_RATIO = 0.5;

/** Smoothing of the deviation from the profile. */
const DEVIATION_RATE = 0.4;

/** Memory of both spreads, in samples, and how many times the usual a single distance counts. */
const SPREAD_SAMPLES = 3000;
const CLIP_TIMES = 6;

/** How far one sample may pull a slot, in usual distances. */
const PULL_TIMES = 4;

const SLOTS = 0;
const SLOT = 1;
const SLOT_SAMPLES = 2;
const COUNT = 3;
const CENTER = 4;
const SPREAD = 5;
const DISTANCE = 6;
const DEVIATION = 7;
const DAYS = 8;

/** When a sample came. */
export interface Moment {
  readonly timestampMs: number;
  /** The usual distance of samples; 0 while it is not known. */
  readonly intervalMs: number;
  /** Days since the series began. */
  readonly days: number;
}

/** The usual course of a day (UTC), and how far the series is from it. */
export class DayProfile {
  static readonly stateLength = 9;
  static readonly profileLength = MOST_SLOTS;
  readonly #state: Float32Array;
  readonly #profile: Float32Array;

  constructor(state: Float32Array, profile: Float32Array) {
    this.#state = state;
    this.#profile = profile;
  }

  /** Whether the time of day explains enough of the series to judge it by. */
  get isSeasonal(): boolean {
    const state = this.#state;
    return state[DAYS]! > JUDGED_AFTER_DAYS && state[DISTANCE]! < SEASONAL_RATIO * state[SPREAD]!;
  }

  /** Smoothed deviation from the profile in the unit of the values; 0 while there is none. */
  get deviation(): number {
    return this.#state[DEVIATION]!;
  }

  /** What the time of day usually brings; interpolated between the middles of two slots. */
  expectedAt(timestampMs: number): number {
    const slots = this.#state[SLOTS]!;
    const position = slotPosition(timestampMs, slots) - 0.5 + slots;
    const before = this.#profile[Math.floor(position) % slots]!;
    const after = this.#profile[Math.ceil(position) % slots]!;
    return before + (position - Math.floor(position)) * (after - before);
  }

  /** Takes a sample of its moment. */
  take(value: number, moment: Moment): void {
    const state = this.#state;
    if (state[SLOTS] === 0 && !this.#begin(value, moment.intervalMs)) return;
    if (state[SLOTS]! < FEWEST_SLOTS) return;
    state[DAYS] = moment.days;
    if (moment.days > COMPARED_AFTER_DAYS) this.#compare(moment.timestampMs, value);
    this.#learn(value, moment);
    const rate = Math.max(1 / SPREAD_SAMPLES, 1 / (state[COUNT]! + 2));
    state[CENTER] = state[CENTER]! + rate * (value - state[CENTER]!);
  }

  #begin(value: number, intervalMs: number): boolean {
    if (!(intervalMs > 0)) return false;
    const state = this.#state;
    state[SLOTS] = Math.max(1, Math.min(MOST_SLOTS, Math.floor(DAY_MS / intervalMs)));
    state[SLOT] = -1;
    state[CENTER] = value;
    return true;
  }

  #compare(timestampMs: number, value: number): void {
    const state = this.#state;
    const distance = value - this.expectedAt(timestampMs);
    state[DEVIATION] = state[DEVIATION]! + DEVIATION_RATE * (distance - state[DEVIATION]!);
    state[COUNT] = state[COUNT]! + 1;
    const rate = Math.max(1 / SPREAD_SAMPLES, 1 / (state[COUNT] + 1));
    this.#approach(DISTANCE, Math.abs(distance), rate);
    this.#approach(SPREAD, Math.abs(value - state[CENTER]!), rate);
  }

  #approach(slot: number, distance: number, rate: number): void {
    const usual = this.#state[slot]! || distance;
    this.#state[slot] = usual + rate * (Math.min(distance, CLIP_TIMES * usual) - usual);
  }

  #learn(value: number, { timestampMs, intervalMs, days }: Moment): void {
    const state = this.#state;
    const slots = state[SLOTS]!;
    const slot = Math.floor(slotPosition(timestampMs, slots)) % slots;
    state[SLOT_SAMPLES] = slot === state[SLOT] ? state[SLOT_SAMPLES]! + 1 : 1;
    state[SLOT] = slot;
    const samplesPerDay = Math.max(1, DAY_MS / slots / intervalMs);
    const seen = Math.floor(days) * samplesPerDay + state[SLOT_SAMPLES];
    const limit = PULL_TIMES * state[DISTANCE]!;
    const pull = value - this.#profile[slot]!;
    const clipped = days >= 1 && limit > 0 ? Math.max(-limit, Math.min(limit, pull)) : pull;
    const memory = Math.min(seen, samplesPerDay * MEMORY_DAYS);
    this.#profile[slot] = this.#profile[slot]! + clipped / Math.max(1, memory);
  }
}

function slotPosition(timestampMs: number, slots: number): number {
  const timeOfDayMs = ((timestampMs % DAY_MS) + DAY_MS) % DAY_MS;
  return (timeOfDayMs / DAY_MS) * slots;
}
