import type { Innovation } from "./innovations.ts";

/**
 * Scales from which a spike is worth a page. Its two surprises together vary as one does, so the
 * limit is near that of a jump; between 4.75 and 5.25 the figures on public data hardly change.
 */
const LIMIT_SCALES = 5;

/** Both the way out and the way back must be surprises of their own. */
const EACH_SCALES = 3;

const PREVIOUS_Z = 0;
const PREVIOUS_RESIDUAL = 1;
const PREVIOUS_EXPECTED = 2;
const WAS_HIT = 3;

/** What the spike test says of a sample. Rewritten by every `take`. */
export interface SpikeEvidence {
  /** Whether the sample before was a spike: far out, and this one is back. */
  isFinding: boolean;
  /** The surprise as a multiple of its limit. */
  strength: number;
  /** How far the spike was from what was expected; signed, in the unit of the values. */
  size: number;
  /** What was expected in its place. */
  from: number;
}

/**
 * Tells a single sample that stands out and goes back, half as big as a jump must be: the step out
 * and the step back are two surprises of opposite sign, and chance gives such a pair more rarely
 * than one. Known one sample late, so only for series of rare samples, where one sample is minutes.
 */
export class SpikeTest {
  static readonly stateLength = 4;
  readonly latest: SpikeEvidence = { isFinding: false, strength: 0, size: 0, from: 0 };
  readonly #state: Float32Array;

  constructor(state: Float32Array) {
    this.#state = state;
  }

  /**
   * Takes a sample; `isJump` where it has been found to be one. Where the way out was a jump, it has
   * been told; where only the way back is one, the spike is the better name.
   */
  take(innovation: Innovation, isJump: boolean): SpikeEvidence {
    const state = this.#state;
    const latest = this.latest;
    const out = state[PREVIOUS_Z]!;
    const back = innovation.z;
    const isPair = out * back < 0 && Math.min(Math.abs(out), Math.abs(back)) >= EACH_SCALES;
    latest.strength = Math.abs(out - back) / Math.SQRT2 / LIMIT_SCALES;
    latest.isFinding = isPair && latest.strength >= 1 && state[WAS_HIT] === 0;
    latest.size = state[PREVIOUS_RESIDUAL]!;
    latest.from = state[PREVIOUS_EXPECTED]!;
    state[PREVIOUS_Z] = back;
    state[PREVIOUS_RESIDUAL] = innovation.residual;
    state[PREVIOUS_EXPECTED] = innovation.expected;
    state[WAS_HIT] = isJump || latest.isFinding ? 1 : 0;
    return latest;
  }
}
