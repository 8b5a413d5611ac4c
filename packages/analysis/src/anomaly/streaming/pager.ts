import type { Finding } from "./verdict.ts";

/** Samples after a jump in which another belongs to the same change. */
const JUMP_HOLD_SAMPLES = 3;

/** Samples after any page in which a broken record belongs to the same change. */
const RECORD_HOLD_SAMPLES = 50;

/** Samples after the last evidence at which an alarm closes: the new level is accepted. */
const ACCEPTED_AFTER = 50;

/** The part of the largest deviation below which the series is back where it was. */
const RECOVERED_PART = 0.3;

/** Samples for which a change is remembered, so that the way back is not paged as a new one. */
const RECOVERY_SAMPLES = 500;

/** Stands for "no page yet", and for any longer time since one. */
const LONG_AGO = 1_000_000;

/** Samples for which it is remembered once the series is back, so that the next change is new. */
const BACK_SAMPLES = 3;

/** Rate of the level before a change; fast, because a jump leaves from where the series just was. */
const CALM_RATE = 0.3;

const HOLD = 0;
const SINCE_PAGE = 1;
const CHANGE_AGE = 2;
const BEFORE = 3;
const FARTHEST = 4;
const CALM_LEVEL = 5;
const OPEN_LEFT = 6;

/** What became of a sample's findings. */
export type PagerOutcome = "page" | "recovered" | "nothing";

/**
 * Makes one page of one change: holds repeats, recognises the way back, accepts a new level. Values
 * are counted from the first, so the calm level begins at 0.
 */
export class Pager {
  static readonly stateLength = 7;
  readonly #state: Float32Array;

  constructor(state: Float32Array) {
    this.#state = state;
    state[SINCE_PAGE] = LONG_AGO;
  }

  /** Whether repeats of a jump are being held. */
  get isHeld(): boolean {
    return this.#state[HOLD]! > 0;
  }

  /** Whether an alarm is open. */
  get isOpen(): boolean {
    return this.#state[OPEN_LEFT]! > 0;
  }

  /** Starts the sample: time passes, and the open change is followed. */
  advance(value: number): void {
    const state = this.#state;
    state[HOLD] = Math.max(0, state[HOLD]! - 1);
    state[OPEN_LEFT] = Math.max(0, state[OPEN_LEFT]! - 1);
    state[SINCE_PAGE] = Math.min(state[SINCE_PAGE]! + 1, LONG_AGO);
    if (state[CHANGE_AGE] === 0) return;
    state[CHANGE_AGE] = state[CHANGE_AGE]! + 1;
    if (state[CHANGE_AGE] > RECOVERY_SAMPLES + 1) state[CHANGE_AGE] = 0;
    const distance = value - state[BEFORE]!;
    const isFarther = Math.abs(distance) > Math.abs(state[FARTHEST]!);
    if (isFarther && distance * state[FARTHEST]! >= 0) state[FARTHEST] = distance;
    if (!this.#isBack(value)) return;
    state[OPEN_LEFT] = 0;
    const left = RECOVERY_SAMPLES + 1 - BACK_SAMPLES;
    if (state[CHANGE_AGE] > 0) state[CHANGE_AGE] = Math.max(state[CHANGE_AGE], left);
  }

  /** Decides what becomes of a finding at a sample. */
  decide(latest: number, finding: Finding): PagerOutcome {
    const state = this.#state;
    const value = finding.peak ?? latest;
    if (this.isHeld) return "nothing";
    const left = finding.from ?? state[CALM_LEVEL]!;
    const isWayBack = (value - left) * state[FARTHEST]! < 0;
    if (state[CHANGE_AGE]! > 0 && isWayBack && this.#isBack(value)) {
      state[CHANGE_AGE] = 0;
      state[HOLD] = JUMP_HOLD_SAMPLES;
      return "recovered";
    }
    if (!finding.isJump && state[SINCE_PAGE]! <= RECORD_HOLD_SAMPLES) return "nothing";
    state[SINCE_PAGE] = 0;
    state[CHANGE_AGE] = 1;
    state[BEFORE] = left;
    state[FARTHEST] = value - left;
    return "page";
  }

  /** Keeps an alarm open, and holds repeats of a jump, while there is evidence of it. */
  prolong(evidence: { readonly isJump: boolean; readonly isPaged: boolean }): void {
    if (evidence.isJump) this.#state[HOLD] = JUMP_HOLD_SAMPLES;
    if (evidence.isPaged || this.isOpen) this.#state[OPEN_LEFT] = ACCEPTED_AFTER;
  }

  /** Follows the calm level, from which the next change will be measured. */
  rest(value: number): void {
    if (this.isHeld) return;
    const state = this.#state;
    state[CALM_LEVEL] = state[CALM_LEVEL]! + CALM_RATE * (value - state[CALM_LEVEL]!);
  }

  #isBack(value: number): boolean {
    const state = this.#state;
    return Math.abs(value - state[BEFORE]!) < RECOVERED_PART * Math.abs(state[FARTHEST]!);
  }
}
