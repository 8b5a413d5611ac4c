/** Samples in which a jump that falls back was a blip. */
const BLIP_SAMPLES = 20;

/** Samples after which a jump that has not gone back is accepted as a new level. */
const ACCEPTED_AFTER = 800;

/** A jump must be this much bigger than an accepted one on its side to surprise again. */
const FAMILIAR_FACTOR = 1.5;

/** Half-life of an accepted jump in samples. */
const KEEP = 0.5 ** (1 / 20_000);

const AGE = 0;
const BEFORE = 1;
const JUMP = 2;
const FARTHEST = 3;
const UP = 4;
const DOWN = 5;

/**
 * Remembers jumps after which the series stayed: restarts that empty a memory, deployments, the
 * weekend. The next one of that size and direction is familiar. A jump that went back, a spike or
 * an outage, is not remembered, so that the next one surprises again.
 */
export class AcceptedJumps {
  static readonly stateLength = 6;
  readonly #state: Float64Array;

  constructor(state: Float64Array) {
    this.#state = state;
  }

  /** Follows the open jump, if any, to its end. `step` is the change since the sample before. */
  follow(value: number, step: number): void {
    const state = this.#state;
    state[UP] = state[UP]! * KEEP;
    state[DOWN] = state[DOWN]! * KEEP;
    if (state[AGE] === 0) return;
    state[AGE] = state[AGE]! + 1;
    const distance = value - state[BEFORE]!;
    const isFarther =
      distance * state[JUMP]! > 0 && Math.abs(distance) > Math.abs(state[FARTHEST]!);
    if (isFarther) state[FARTHEST] = distance;
    if (this.#hasReturned(Math.abs(distance), step)) state[AGE] = 0;
    else if (state[AGE] > ACCEPTED_AFTER) this.#accept();
  }

  /** Begins to follow a jump, unless another is still open. */
  begin(before: number, jump: number): void {
    const state = this.#state;
    if (state[AGE] !== 0) return;
    state[AGE] = 1;
    state[BEFORE] = before;
    state[JUMP] = jump;
    state[FARTHEST] = jump;
  }

  /** Whether a jump of this size and direction has been accepted before. */
  isFamiliar(jump: number): boolean {
    return Math.abs(jump) < FAMILIAR_FACTOR * this.#state[jump > 0 ? UP : DOWN]!;
  }

  #hasReturned(distance: number, step: number): boolean {
    const state = this.#state;
    const farthest = Math.abs(state[FARTHEST]!);
    const isBlip = state[AGE]! <= BLIP_SAMPLES + 1 && distance < 0.5 * Math.abs(state[JUMP]!);
    const isBackJump = step * state[FARTHEST]! < 0 && Math.abs(step) > 0.5 * farthest;
    return isBlip || isBackJump || (state[AGE]! > BLIP_SAMPLES + 1 && distance < 0.25 * farthest);
  }

  #accept(): void {
    const state = this.#state;
    const side = state[JUMP]! > 0 ? UP : DOWN;
    state[side] = Math.max(state[side]!, Math.abs(state[JUMP]!));
    state[AGE] = 0;
  }
}
