import { fromCoarse, toCoarse } from "./coarse-number.ts";

const DAY_MS = 86_400_000;

/** Quarters of an hour. */
const SLOTS = 96;
const SLOT_MS = DAY_MS / SLOTS;

/** A jump is a habit when the remembered one was at least this part of its size. */
const FAMILIAR_PART = 0.75;

/** What remains of a remembered jump after each day on which it did not come. */
const KEEP_PER_DAY = 0.8;

/** A jump that came on one day only is remembered at half its size: too little to be a habit. */
const ONCE_PART = 0.5;

/** Slots for which a jump is still today's; then it becomes a memory. */
const FRESH_SLOTS = 4;

const LAST_SLOT = 0;
const FRESH = 1;

/**
 * Remembers at which time of the day (UTC) a series jumps, to the quarter of an hour, so that
 * office hours, nightly jobs and timetables surprise on two days and then no more.
 */
export class DayJumps {
  static readonly stateLength = FRESH + FRESH_SLOTS;
  static readonly memoryLength = SLOTS;
  readonly #state: Float32Array;
  /** In the form of `toCoarse`: they are only compared roughly. */
  readonly #jumps: Uint16Array;

  constructor(state: Float32Array, jumps: Uint16Array) {
    this.#state = state;
    this.#jumps = jumps;
    state[LAST_SLOT] = -1;
  }

  /** Moves on to the time of a sample; call once per sample, before the others. */
  advance(timestampMs: number): void {
    const slot = slotOf(timestampMs);
    const last = this.#state[LAST_SLOT]!;
    this.#state[LAST_SLOT] = slot;
    if (last < 0) return;
    for (let passed = last; passed !== slot; passed = (passed + 1) % SLOTS) this.#pass(passed);
  }

  /** Whether this time of day has seen a jump of this size and direction before today. */
  isFamiliar(jump: number): boolean {
    const before = fromCoarse(this.#jumps[this.#state[LAST_SLOT]!]!);
    return before * jump > 0 && Math.abs(before) >= FAMILIAR_PART * Math.abs(jump);
  }

  /** Takes a jump at the time of the latest sample, unless a bigger one came just before. */
  learn(jump: number): void {
    const at = FRESH + (this.#state[LAST_SLOT]! % FRESH_SLOTS);
    if (Math.abs(jump) > Math.abs(this.#state[at]!)) this.#state[at] = jump;
  }

  /** Leaves a slot: what is no longer fresh becomes a memory, in place of the faded old one. */
  #pass(slot: number): void {
    const settled = (slot - 1 + SLOTS) % SLOTS;
    const at = FRESH + (settled % FRESH_SLOTS);
    const faded = fromCoarse(this.#jumps[settled]!) * KEEP_PER_DAY;
    const fresh = this.#state[at]!;
    const once = fresh * faded > 0 ? fresh : ONCE_PART * fresh;
    this.#jumps[settled] = toCoarse(fresh === 0 ? faded : once);
    this.#state[at] = 0;
  }
}

function slotOf(timestampMs: number): number {
  const timeOfDayMs = ((timestampMs % DAY_MS) + DAY_MS) % DAY_MS;
  return Math.floor(timeOfDayMs / SLOT_MS);
}
