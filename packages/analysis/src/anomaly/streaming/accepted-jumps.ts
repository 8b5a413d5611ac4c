/** Samples in which a jump that falls back was a blip. */
const BLIP_SAMPLES = 20;

/** Samples after which a jump that has not gone back is accepted as a new level. */
const ACCEPTED_AFTER = 800;

/** A jump must be this much bigger than an accepted one on its side to surprise again. */
const FAMILIAR_FACTOR = 1.5;

/** Two jumps are the same when neither is below this part of the other. */
const SAME_PART = 0.6;

/** Half-life of an accepted jump in samples. */
const KEEP = 0.5 ** (1 / 20_000);

const AGE = 0;
const BEFORE = 1;
const JUMP = 2;
const FARTHEST = 3;
const UP = 4;
const DOWN = 5;
const RECLIMBED = 6;

/**
 * Remembers jumps after which the series stayed: restarts that empty a memory, deployments, the
 * weekend. The next one of that size and direction is familiar. A jump that went back, a spike or
 * an outage, is not remembered, so that the next one surprises again.
 */
export class AcceptedJumps {
  static readonly stateLength = 7;
  readonly #state: Float32Array;

  constructor(state: Float32Array) {
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
    if (this.#hasJumpedBack(Math.abs(distance), step)) state[AGE] = 0;
    else if (this.#hasReclimbed(Math.abs(distance))) {
      state[RECLIMBED] = state[JUMP]!;
      state[AGE] = 0;
    } else if (state[AGE] > ACCEPTED_AFTER) {
      this.#accept(state[JUMP]!);
      state[AGE] = 0;
    }
  }

  /**
   * Begins to follow a jump, unless another is still open. A jump like the last one from which the
   * series came back slowly is a habit at once: a saw-tooth.
   */
  begin(before: number, jump: number): void {
    const state = this.#state;
    if (state[AGE] !== 0) return;
    const part = jump / state[RECLIMBED]!;
    if (part > SAME_PART && part < 1 / SAME_PART) this.#accept(jump);
    state[AGE] = 1;
    state[BEFORE] = before;
    state[JUMP] = jump;
    state[FARTHEST] = jump;
  }

  /** Whether a jump of this size and direction has been accepted before. */
  isFamiliar(jump: number): boolean {
    return Math.abs(jump) < FAMILIAR_FACTOR * this.#state[jump > 0 ? UP : DOWN]!;
  }

  #hasJumpedBack(distance: number, step: number): boolean {
    const state = this.#state;
    const isBlip = state[AGE]! <= BLIP_SAMPLES + 1 && distance < 0.5 * Math.abs(state[JUMP]!);
    const farthest = Math.abs(state[FARTHEST]!);
    return isBlip || (step * state[FARTHEST]! < 0 && Math.abs(step) > 0.5 * farthest);
  }

  #hasReclimbed(distance: number): boolean {
    return distance < 0.25 * Math.abs(this.#state[FARTHEST]!);
  }

  #accept(jump: number): void {
    const side = jump > 0 ? UP : DOWN;
    this.#state[side] = Math.max(this.#state[side]!, Math.abs(jump));
  }
}
