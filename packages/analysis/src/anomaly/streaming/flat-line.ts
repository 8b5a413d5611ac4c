/** Equal samples in a row that a metric of ever-changing values does not show by chance. */
const FLAT_SAMPLES = 12;

/** A series that has repeated a value more often than this is allowed to stand still. */
const CHANGING_RUN = 4;

/** A run this long is an outage and not a habit, so it is not learned. */
const HABIT_LIMIT = 4 * FLAT_SAMPLES;

/** Samples before a flat line can be told. */
const KNOWN_AFTER = 200;

/** The share of samples that must differ from the one before, for standing still to be news. */
const CHANGING_SHARE = 0.9;

/** Half-life of the longest run. */
const KEEP = 0.5 ** (1 / 20_000);

const COUNT = 0;
const RUN = 1;
const LONGEST = 2;
const CHANGES = 3;

/** Tells when a series that always changed stands still: a stuck sensor, a dead exporter. */
export class FlatLine {
  static readonly stateLength = 4;
  readonly #state: Float32Array;

  constructor(state: Float32Array) {
    this.#state = state;
  }

  /** Takes a sample that repeats the one before or does not; true while the series is stuck. */
  take(isRepeat: boolean): boolean {
    const state = this.#state;
    if (isRepeat) state[RUN] = state[RUN]! + 1;
    else {
      if (state[RUN]! <= HABIT_LIMIT) state[LONGEST] = Math.max(state[LONGEST]!, state[RUN]!);
      state[RUN] = 0;
      state[CHANGES] = state[CHANGES]! + 1;
    }
    state[LONGEST] = state[LONGEST]! * KEEP;
    state[COUNT] = state[COUNT]! + 1;
    const before = state[COUNT] - state[RUN]!;
    const isChanging =
      before > KNOWN_AFTER &&
      state[CHANGES]! > CHANGING_SHARE * before &&
      state[LONGEST] <= CHANGING_RUN;
    return isChanging && state[RUN]! >= FLAT_SAMPLES;
  }
}
