import { AcceptedJumps } from "./accepted-jumps.ts";
import { DayJumps } from "./day-jumps.ts";
import type { Innovation } from "./innovations.ts";
import type { SeriesCharacter } from "./series-character.ts";

/** Scales from which a jump is worth a page at one sample each five minutes. */
const LIMIT_SCALES = 4.75;
const LIMIT_INTERVAL_MS = 300_000;

/**
 * More samples a day mean more chances of a false page a day, so the limit grows by this much for
 * each factor e of the rate, up to a factor of e^2: beyond it, neighbours tell nearly the same.
 */
const SCALES_PER_LOG_RATE = 3.5;
const MOST_LOG_RATE = 2;

/** At this rate and above, a blip of one sample is ended before anybody could look at it. */
const CONFIRM_BELOW_MS = 120_000;

/** The part of a jump that must still be there at the next sample. */
const CONFIRMED_PART = 0.5;

const IS_PENDING = 0;
const PENDING_FROM = 1;
const PENDING_JUMP = 2;
const CORE_LENGTH = 3;

/** What the jump test says of a sample. Rewritten by every `take`. */
export interface JumpEvidence {
  /** The surprise as a multiple of its limit; 0 where the series is judged by its records only. */
  strength: number;
  /** Whether the limit is reached, by a jump of unfamiliar size. */
  isHit: boolean;
  /** Whether this sample is worth a page: it hits, and no confirmation is needed or it confirms. */
  isFinding: boolean;
  isUp: boolean;
  /** The level that the jump left. */
  from: number;
}

/** Where in the stream a sample stands. */
export interface JumpContext {
  readonly timestampMs: number;
  readonly intervalMs: number;
  /** The value before. */
  readonly previous: number;
  /** Whether repeats of a jump are being held. */
  readonly isHeld: boolean;
  /** Whether the value is what this time of the week usually brings. */
  readonly isExpected: boolean;
}

/**
 * Tells when one step is too far to be the noise that the autoregression knows. Only for series
 * whose surprises have a light tail; where others jump all day, only their records speak. Fast
 * series must confirm a jump with their next sample.
 */
export class JumpTest {
  static readonly stateLength = CORE_LENGTH + AcceptedJumps.stateLength + DayJumps.stateLength;
  static readonly memoryLength = DayJumps.memoryLength;
  readonly latest: JumpEvidence = {
    ...{ strength: 0, isHit: false, isFinding: false, isUp: false, from: 0 },
  };
  readonly #state: Float32Array;
  readonly #accepted: AcceptedJumps;
  readonly #daily: DayJumps;
  readonly #character: SeriesCharacter;
  /** False where a jump needs no second sample, however fast the series is. */
  readonly #confirms: boolean;

  constructor(
    memory: { readonly state: Float32Array; readonly daily: Uint16Array },
    character: SeriesCharacter,
    confirms: boolean,
  ) {
    const { state } = memory;
    this.#confirms = confirms;
    this.#state = state;
    const daily = CORE_LENGTH + AcceptedJumps.stateLength;
    this.#accepted = new AcceptedJumps(state.subarray(CORE_LENGTH, daily));
    this.#daily = new DayJumps(state.subarray(daily), memory.daily);
    this.#character = character;
  }

  /** Whether this series is judged by single jumps at all. */
  applies(intervalMs: number): boolean {
    if (!this.#character.isLightTailed) return false;
    return needsConfirmation(intervalMs) || this.#character.isPredictable;
  }

  /** Whether a jump waits for the sample that confirms it. */
  get isPending(): boolean {
    return this.#state[IS_PENDING] === 1;
  }

  /** Judges a sample. While `isHeld`, no new jump is put up for confirmation. */
  take(value: number, innovation: Innovation, context: JumpContext): JumpEvidence {
    const latest = this.latest;
    const strength = Math.abs(innovation.z) / jumpLimit(context.intervalMs);
    // Habits are learned also while the test does not apply, to be known when it does.
    const isSurprise = strength >= 1;
    const isApplied = this.applies(context.intervalMs);
    latest.strength = isApplied ? strength : 0;
    this.#accepted.follow(value, value - context.previous);
    this.#daily.advance(context.timestampMs);
    const isNews = isSurprise && !context.isExpected;
    latest.isHit = isApplied && isNews && !this.isFamiliar(innovation.residual);
    if (isSurprise) {
      this.#accepted.begin(context.previous, innovation.residual);
      this.#daily.learn(innovation.residual);
    }
    latest.isUp = innovation.residual > 0;
    latest.from = innovation.expected;
    latest.isFinding = latest.isHit;
    if (this.#confirms && needsConfirmation(context.intervalMs)) {
      this.#confirm(value, innovation, context.isHeld);
    }
    return latest;
  }

  /** Whether a jump of this size and direction is a habit, of the series or of this time of day. */
  isFamiliar(jump: number): boolean {
    return this.#accepted.isFamiliar(jump) || this.#daily.isFamiliar(jump);
  }

  /** Remembers a spike as a habit of this time of day, as it would remember a jump. */
  remember(spike: number): void {
    this.#daily.learn(spike);
  }

  #confirm(value: number, innovation: Innovation, isHeld: boolean): void {
    const state = this.#state;
    const latest = this.latest;
    if (this.isPending) {
      state[IS_PENDING] = 0;
      const jump = state[PENDING_JUMP]!;
      const left = (value - state[PENDING_FROM]!) / jump;
      latest.isFinding = left >= CONFIRMED_PART;
      latest.isUp = jump > 0;
      latest.from = state[PENDING_FROM]!;
      if (latest.isFinding) latest.strength = Math.max(1, latest.strength);
      return;
    }
    latest.isFinding = false;
    if (!latest.isHit || isHeld) return;
    state[IS_PENDING] = 1;
    state[PENDING_FROM] = innovation.expected;
    state[PENDING_JUMP] = innovation.residual;
  }
}

/** The surprise in scales that is worth a page at this rate. */
export function jumpLimit(intervalMs: number): number {
  const logRate = Math.log(LIMIT_INTERVAL_MS / Math.max(intervalMs, 1));
  return LIMIT_SCALES + SCALES_PER_LOG_RATE * Math.max(0, Math.min(MOST_LOG_RATE, logRate));
}

/** Whether samples come so fast that a jump must be confirmed by the next one. */
export function needsConfirmation(intervalMs: number): boolean {
  return intervalMs < CONFIRM_BELOW_MS;
}
