import type { Fixed64 } from "./fixed64.ts";

const MS_PER_DAY = 86_400_000;

/** A time this near to midnight is left to exact arithmetic. */
const MARGIN_MS = 1;

const TWO_32 = 4294967296;

/** Times of records that can be taken together, inclusive Unix milliseconds. */
export interface TimeBounds {
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** Unix milliseconds of nanoseconds: the nearest double, as of `Number(nanos) / 1e6`. */
export function millisOf({ low, high }: Fixed64): number {
  return (high * TWO_32 + low) / 1e6;
}

/** Whether the upper half of Unix nanoseconds is of a time that 63 bits hold: until the year 2262. */
export function isStorableHigh(high: number): boolean {
  return high < 0x80000000;
}

/** Lets the times of one day (UTC) pass: that of the first. */
export class DayWindow {
  #fromMs = 0;
  #toMs = 0;

  reset(): void {
    this.#fromMs = 0;
    this.#toMs = 0;
  }

  /** Whether the time is of the day. */
  has(millis: number): boolean {
    if (this.#toMs === 0) {
      const midnightMs = Math.floor(millis / MS_PER_DAY) * MS_PER_DAY;
      this.#fromMs = midnightMs + MARGIN_MS;
      this.#toMs = midnightMs + MS_PER_DAY - MARGIN_MS;
      if (millis < this.#fromMs || millis >= this.#toMs) this.reset();
    }
    return millis >= this.#fromMs && millis < this.#toMs;
  }
}
