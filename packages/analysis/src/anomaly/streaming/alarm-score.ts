/** Fading of the score after an alarm, and of the strongest evidence; half-life in samples. */
const FADE = 0.5 ** (1 / 100);

/** How much evidence below a page counts against a past page in a score below 0.5. */
const EVIDENCE_PART = 0.4;
const MOST_EVIDENCE = 1.1;

const PAGE_FADE = 0;
const EVIDENCE_FADE = 1;

/** What a score is made of. */
export interface ScoredSample {
  /** How many times over its limit the finding is that was paged; `undefined` without a page. */
  readonly pageStrength: number | undefined;
  /** The strongest record as a multiple of its limit. */
  readonly evidence: number;
  readonly isOpen: boolean;
}

/** Turns pages and evidence into the score: high at a page, fading after it. */
export class AlarmScore {
  static readonly stateLength = 2;
  readonly #state: Float32Array;

  constructor(state: Float32Array) {
    this.#state = state;
  }

  /** Page: 0.75 to 1 by strength. Open alarm: 0.5 to 0.75. Else below 0.5. */
  take({ pageStrength, evidence, isOpen }: ScoredSample): number {
    const state = this.#state;
    state[PAGE_FADE] = state[PAGE_FADE]! * FADE;
    state[EVIDENCE_FADE] = Math.max(
      state[EVIDENCE_FADE]! * FADE,
      Math.min(evidence, MOST_EVIDENCE),
    );
    if (pageStrength !== undefined) {
      state[PAGE_FADE] = 1;
      return 1 - 0.25 / Math.max(1, pageStrength);
    }
    const most = 1 + EVIDENCE_PART * MOST_EVIDENCE;
    const severity = (state[PAGE_FADE] + EVIDENCE_PART * state[EVIDENCE_FADE]) / most;
    return isOpen ? 0.5 + 0.24 * severity : 0.49 * severity;
  }
}
