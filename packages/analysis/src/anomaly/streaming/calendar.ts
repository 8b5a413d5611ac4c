import { DayProfile, type Moment } from "./day-profile.ts";
import type { DecayedRecord } from "./decayed-record.ts";
import { type UsualRange, WeekProfile } from "./week-profile.ts";

/** An hour of the week must be seen at least once in an hour. */
const LONGEST_INTERVAL_MS = 3_600_000;

const IS_WEEK_REFUSED = 0;
const CORE_LENGTH = 1;

/**
 * What the time of day, and for some series of the week, usually brings. The week has a memory of
 * its own: it is begun once the day explains the series, and given up when the week adds nothing.
 */
export class Calendar {
  static readonly stateLength = CORE_LENGTH + DayProfile.stateLength;
  static readonly profileLength = DayProfile.profileLength;
  /** Undefined while none is learned. May be exchanged together with the state. */
  week: WeekProfile | undefined;
  readonly #state: Float32Array;
  readonly #day: DayProfile;

  constructor(state: Float32Array, profile: Float32Array) {
    this.#state = state;
    this.#day = new DayProfile(state.subarray(CORE_LENGTH), profile);
  }

  /** Whether the series may be judged by its time. */
  get isSeasonal(): boolean {
    return this.week?.isSeasonal === true || this.#day.isSeasonal;
  }

  /** Smoothed deviation from the week where the series follows one, else from the day. */
  get deviation(): number {
    const { week } = this;
    return week?.isSeasonal === true ? week.deviation : this.#day.deviation;
  }

  /** The record that deviations from the week are held against; `undefined` without a week. */
  get record(): DecayedRecord | undefined {
    return this.week?.isSeasonal === true ? this.week.record : undefined;
  }

  /** Values that this time of the week usually brings; `undefined` without a week. */
  rangeAt(timestampMs: number): UsualRange | undefined {
    return this.week?.rangeAt(timestampMs);
  }

  /** Takes a sample of its moment. */
  take(value: number, moment: Moment): void {
    this.#day.take(value, moment);
    if (this.week === undefined) {
      const isPossible = this.#day.isSeasonal && moment.intervalMs <= LONGEST_INTERVAL_MS;
      if (!isPossible || this.#state[IS_WEEK_REFUSED] === 1) return;
      this.week = new WeekProfile();
    }
    this.week.take(value, moment);
    if (!this.week.isFutile) return;
    this.week = undefined;
    this.#state[IS_WEEK_REFUSED] = 1;
  }
}
