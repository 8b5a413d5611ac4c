import { type JumpTest, needsConfirmation } from "./jump-test.ts";
import type { RecordBook } from "./record-book.ts";
import type { SpikeTest } from "./spike-test.ts";
import type { Finding } from "./verdict.ts";

/** The part of a broken record that the next sample must still show, in a fast series. */
const RECORD_CONFIRMED_PART = 0.95;

const RECORD_PENDING = 0;

/** The tests whose latest answers make a finding. */
export interface FindingSources {
  readonly records: RecordBook;
  readonly jumps: JumpTest;
  readonly spikes: SpikeTest;
  /** Whether a fast series must confirm with its next sample. */
  readonly confirms: boolean;
}

/** Picks from what the tests say of a sample the one finding that is worth a page, if any. */
export class Findings {
  static readonly stateLength = 1;
  readonly #state: Float32Array;
  readonly #sources: FindingSources;

  constructor(state: Float32Array, sources: FindingSources) {
    this.#state = state;
    this.#sources = sources;
  }

  /** The finding of the sample that all tests have just taken; call once per sample. */
  judge(intervalMs: number, isFlat: boolean): Finding | undefined {
    const isRecordConfirmed = this.#confirmRecord(intervalMs);
    const { jumps, records } = this.#sources;
    const jump = jumps.latest;
    const record = records.latest;
    const spike = this.#spike(intervalMs);
    if (spike.finding !== undefined) return spike.finding;
    if (jump.isFinding && !spike.isHabit) {
      const reason = jump.isUp ? "jump-up" : "jump-down";
      return { reason, strength: jump.strength, isJump: true, from: jump.from };
    }
    if (isRecordConfirmed) {
      return { reason: record.reason, strength: Math.max(1, record.strength), isJump: false };
    }
    if (isFlat) return { reason: "flat-line", strength: 1, isJump: false };
    return undefined;
  }

  /** In a fast series a record broken by few samples must still be broken at the next. */
  #confirmRecord(intervalMs: number): boolean {
    const { strength, isLasting } = this.#sources.records.latest;
    const wasPending = this.#state[RECORD_PENDING] === 1;
    this.#state[RECORD_PENDING] = strength >= 1 ? 1 : 0;
    const confirms = this.#sources.confirms && needsConfirmation(intervalMs);
    if (strength >= 1 && (isLasting || !confirms)) return true;
    if (!wasPending || strength < RECORD_CONFIRMED_PART) return false;
    this.#state[RECORD_PENDING] = 0;
    return true;
  }

  /** A spike where spikes are judged, or that it is a habit: then the way back is no jump either. */
  #spike(intervalMs: number): { readonly finding?: Finding; readonly isHabit: boolean } {
    const { jumps, spikes } = this.#sources;
    const { isFinding, strength, from, size } = spikes.latest;
    const isJudged = !needsConfirmation(intervalMs) && jumps.applies(intervalMs);
    if (!isFinding || !isJudged) return { isHabit: false };
    const isHabit = jumps.isFamiliar(size);
    jumps.remember(size);
    if (isHabit) return { isHabit };
    const reason = size > 0 ? "burst-up" : "burst-down";
    return { finding: { reason, strength, isJump: true, from, peak: from + size }, isHabit };
  }
}
