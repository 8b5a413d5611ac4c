import { AnalysisError, requireInteger } from "../../analysis-error.ts";
import { AlarmScore } from "./alarm-score.ts";
import { Calendar } from "./calendar.ts";
import { Contrasts } from "./contrasts.ts";
import { Findings } from "./findings.ts";
import { FlatLine } from "./flat-line.ts";
import { Innovations } from "./innovations.ts";
import { JumpTest, jumpLimit } from "./jump-test.ts";
import { Pager, type PagerOutcome } from "./pager.ts";
import { RecordBook } from "./record-book.ts";
import { SamplingInterval } from "./sampling-interval.ts";
import { SeriesCharacter } from "./series-character.ts";
import { ShapeMemory } from "./shape-memory.ts";
import { SpikeTest } from "./spike-test.ts";
import { StateArena } from "./state-arena.ts";
import type { StreamingReason, StreamingVerdict } from "./verdict.ts";
import { WeekProfile } from "./week-profile.ts";

/** What a streaming detector needs to know about its series. */
export interface StreamingOptions {
  /** A counter is turned into its rate per second, resets included. `gauge` by default. */
  readonly kind?: "gauge" | "counter";
  /** Samples before anything can be paged; 48 by default, at least 32. */
  readonly warmUpSamples?: number;
  /**
   * Whether a series faster than two minutes must confirm a jump with its next sample; true by
   * default. False for values over windows that overlap (a rate, a quantile): the next window holds
   * the same requests, so it would confirm nothing and only cost time.
   */
  readonly confirms?: boolean;
}

/** A saved detector; plain JSON, and of the same length at any age but for its week. */
export interface StreamingState {
  readonly version: 5;
  /** All numbers of the state, little-endian, as base64. */
  readonly packed: string;
  /** The same of the week's profile, where there is one. */
  readonly week?: string;
}

/** Judges a live series sample by sample, at O(1) each. */
export interface StreamingDetector {
  push(timestampMs: number, value: number): StreamingVerdict;
  /** What the silence says: a series whose samples stopped coming is absent. Changes nothing. */
  silence(nowMs: number): StreamingVerdict;
  save(): StreamingState;
  /** Continues as the saved detector would have; throws `invalid_state` for another's state. */
  restore(state: StreamingState): void;
  /** What the state takes in memory, without the week. */
  readonly stateBytes: number;
  /** What the week's profile takes besides: 736 bytes where one is learned, else 0. */
  readonly weekBytes: number;
  /**
   * Copies the state into a row of `stateBytes` bytes, so that one detector can serve many series of
   * the same options in turn, at a fifth of the memory of as many detectors. Gives away the week's
   * profile, if there is one, to be handed back to `unpack` together with the row.
   */
  pack(row: Uint8Array): WeekProfile | undefined;
  /** Continues from what `pack` of this process gave; it is not checked. */
  unpack(row: Uint8Array, week: WeekProfile | undefined): void;
}

const DAY_MS = 86_400_000;

/** Beyond this the squares of the fit and the single-precision memories could overflow. */
const LARGEST_VALUE = 1e30;

const COUNT = 0;
const PREVIOUS = 1;
const PREVIOUS_RAW = 2;
const ORIGIN = 3;
const FIRST_MS = 4;
const CORE_LENGTH = 5;

/** Creates a detector without history. See docs/reference/anomaly-detection.md for the method. */
export function createStreamingDetector(options: StreamingOptions = {}): StreamingDetector {
  const { kind = "gauge", warmUpSamples = 48, confirms = true } = options;
  requireInteger("warmUpSamples", warmUpSamples, 32);
  return new Stack({ kind, warmUpSamples, confirms });
}

class Stack implements StreamingDetector {
  readonly #kind: "gauge" | "counter";
  readonly #warmUpSamples: number;
  readonly #arena = new StateArena();
  readonly #core = this.#arena.take(CORE_LENGTH);
  readonly #interval = new SamplingInterval(this.#arena.take(SamplingInterval.stateLength));
  readonly #innovations = new Innovations(
    this.#arena.take(Innovations.stateLength),
    this.#arena.takeSingle(Innovations.binsLength),
  );
  readonly #character = new SeriesCharacter(this.#arena.takeSingle(SeriesCharacter.stateLength));
  readonly #contrasts = new Contrasts(
    this.#arena.take(Contrasts.stateLength),
    this.#arena.takeSingle(Contrasts.ringLength),
  );
  readonly #shapes = new ShapeMemory(
    this.#arena.takeSingle(ShapeMemory.stateLength),
    this.#arena.takeCoarse(ShapeMemory.memoryLength),
  );
  readonly #records = new RecordBook(this.#arena.takeSingle(RecordBook.stateLength));
  readonly #jumpMemory = {
    state: this.#arena.takeSingle(JumpTest.stateLength),
    daily: this.#arena.takeCoarse(JumpTest.memoryLength),
  };
  readonly #jumps: JumpTest;
  readonly #spikes = new SpikeTest(this.#arena.takeSingle(SpikeTest.stateLength));
  readonly #flatLine = new FlatLine(this.#arena.takeSingle(FlatLine.stateLength));
  readonly #findings: Findings;
  readonly #findingsState = this.#arena.takeSingle(Findings.stateLength);
  readonly #pager = new Pager(this.#arena.takeSingle(Pager.stateLength));
  readonly #alarmScore = new AlarmScore(this.#arena.takeSingle(AlarmScore.stateLength));
  readonly #calendar = new Calendar(
    this.#arena.takeSingle(Calendar.stateLength),
    this.#arena.takeSingle(Calendar.profileLength),
  );

  constructor({ kind, warmUpSamples, confirms }: Required<StreamingOptions>) {
    this.#kind = kind;
    this.#warmUpSamples = warmUpSamples;
    this.#jumps = new JumpTest(this.#jumpMemory, this.#character, confirms);
    this.#findings = new Findings(this.#findingsState, {
      ...{ records: this.#records, jumps: this.#jumps, spikes: this.#spikes, confirms },
    });
  }

  get stateBytes(): number {
    return this.#arena.byteLength;
  }

  save(): StreamingState {
    const packed = this.#arena.save();
    const { week } = this.#calendar;
    return { version: 5, packed, ...(week === undefined ? {} : { week: week.save() }) };
  }

  restore(state: StreamingState): void {
    if (state.version !== 5) {
      throw new AnalysisError("invalid_state", { reason: `unknown version ${state.version}` });
    }
    const week = state.week === undefined ? undefined : WeekProfile.restore(state.week);
    this.#arena.restore(state.packed);
    this.#calendar.week = week;
  }

  get weekBytes(): number {
    return this.#calendar.week?.byteLength ?? 0;
  }

  pack(row: Uint8Array): WeekProfile | undefined {
    this.#arena.pack(row);
    return this.#calendar.week;
  }

  unpack(row: Uint8Array, week: WeekProfile | undefined): void {
    this.#arena.unpack(row);
    this.#calendar.week = week;
  }

  silence(nowMs: number): StreamingVerdict {
    if (!this.#interval.isAbsent(nowMs)) return without("normal");
    return { ...without("absent"), score: 1, page: true };
  }

  push(timestampMs: number, raw: number): StreamingVerdict {
    const isUsable = Math.abs(raw) <= LARGEST_VALUE && Number.isFinite(timestampMs);
    if (!isUsable) return without("not-a-number");
    const elapsedMs = timestampMs - this.#interval.lastMs;
    const arrival = this.#interval.place(timestampMs);
    if (arrival === "out-of-order") return without("out-of-order");
    const value = this.#kind === "counter" ? this.#rateOf(raw, elapsedMs) : raw;
    // The first reading of a counter is not yet a rate.
    if (arrival === "first" && this.#kind === "counter") return without("warming-up");
    return this.#judge(timestampMs, value, arrival === "after-gap");
  }

  /** The rate of a counter; after a reset the counter has risen from 0. */
  #rateOf(raw: number, elapsedMs: number): number {
    const previous = this.#core[PREVIOUS_RAW]!;
    this.#core[PREVIOUS_RAW] = raw;
    const rise = raw >= previous ? raw - previous : raw;
    return (1000 * rise) / elapsedMs;
  }

  /** Takes the sample into every part, then decides. */
  #judge(timestampMs: number, raw: number, isAfterGap: boolean): StreamingVerdict {
    const core = this.#core;
    const age = core[COUNT]!;
    if (age === 0) this.#begin(timestampMs, raw);
    core[COUNT] = age + 1;
    const isRepeat = age > 0 && raw === core[PREVIOUS];
    const value = this.#fromOrigin(raw);
    const previous = this.#fromOrigin(core[PREVIOUS]!);
    core[PREVIOUS] = raw;
    const isSeeded = this.#innovations.isSeeded;
    if (isAfterGap && isSeeded) this.#innovations.restartAt(value);
    const innovation = this.#innovations.take(value, core[ORIGIN]!);
    if (isSeeded) this.#character.learn(value, innovation, isRepeat);
    const level = this.#contrasts.level;
    const intervalMs = this.#interval.intervalMs;
    const calendar = this.#calendar;
    const usual = calendar.rangeAt(timestampMs);
    const isExpected = usual !== undefined && value >= usual.lower && value <= usual.upper;
    calendar.take(value, { timestampMs, intervalMs, days: this.#daysSince(timestampMs) });
    const { isSparse } = this.#character;
    const isMoving = usual?.isMoving === true;
    const known = { age, isSparse, isExpected, isMoving };
    const contrasts = this.#contrasts.take(value);
    contrasts.pattern = this.#shapes.take(value - this.#contrasts.history);
    this.#records.weigh(contrasts, calendar, known);
    const isFlat = this.#flatLine.take(isRepeat);
    this.#pager.advance(value);
    if (!isSeeded) return without("warming-up");
    const { isHeld } = this.#pager;
    const context = { timestampMs, previous, intervalMs, isHeld, isExpected };
    const { isHit } = this.#jumps.take(value, innovation, context);
    this.#spikes.take(innovation, isHit);
    const band = this.#band(level, age, usual);
    if (age >= this.#warmUpSamples) return { ...band, ...this.#decide(value, isFlat, isAfterGap) };
    this.#pager.rest(value);
    return { ...band, score: 0, page: false, reason: "warming-up" };
  }

  #begin(timestampMs: number, raw: number): void {
    this.#core[ORIGIN] = raw;
    this.#core[PREVIOUS] = raw;
    this.#core[FIRST_MS] = timestampMs;
  }

  /** From the first value on, so that single precision is enough far from zero. */
  #fromOrigin(raw: number): number {
    return Math.fround(raw - this.#core[ORIGIN]!);
  }

  #daysSince(timestampMs: number): number {
    return (timestampMs - this.#core[FIRST_MS]!) / DAY_MS;
  }

  #decide(value: number, isFlat: boolean, isAfterGap: boolean) {
    const jump = this.#jumps.latest;
    const found = this.#findings.judge(this.#interval.intervalMs, isFlat);
    const finding = isAfterGap ? undefined : found;
    const outcome = finding === undefined ? "nothing" : this.#pager.decide(value, finding);
    const isPaged = outcome === "page";
    if (isPaged || jump.isHit || isFlat || this.#records.latest.strength >= 1) {
      const isJump =
        (jump.isHit && !this.#jumps.isPending) || (isPaged && finding?.isJump === true);
      this.#pager.prolong({ isJump, isPaged });
    }
    if (!this.#jumps.isPending) this.#pager.rest(value);
    const score = this.#alarmScore.take({
      pageStrength: isPaged ? finding?.strength : undefined,
      evidence: this.#records.latest.strength,
      isOpen: this.#pager.isOpen,
    });
    const reason = isPaged ? finding?.reason : this.#calmReason(outcome, isAfterGap);
    return { score, page: isPaged, reason: reason ?? "normal" };
  }

  #calmReason(outcome: PagerOutcome, isAfterGap: boolean): StreamingReason {
    if (isAfterGap) return "after-gap";
    if (outcome === "recovered") return "recovered";
    return this.#pager.isOpen ? "ongoing" : "normal";
  }

  /** The values that are not paged: near the expected one, or usual at this time of the week. */
  #band(level: number, age: number, usual: Range | undefined) {
    const { lower, upper } = this.#nearRange(level, age);
    const origin = this.#core[ORIGIN]!;
    return {
      expectedLower: origin + Math.min(lower, usual?.lower ?? lower),
      expectedUpper: origin + Math.max(upper, usual?.upper ?? upper),
    };
  }

  #nearRange(level: number, age: number): Range {
    if (this.#jumps.applies(this.#interval.intervalMs)) {
      const { expected, scale } = this.#innovations.latest;
      const reach = jumpLimit(this.#interval.intervalMs) * scale;
      return { lower: expected - reach, upper: expected + reach };
    }
    const records = this.#records;
    return {
      lower: level - records.burstBound(-1, age),
      upper: level + records.burstBound(1, age),
    };
  }
}

interface Range {
  readonly lower: number;
  readonly upper: number;
}

function without(reason: StreamingReason): StreamingVerdict {
  return { score: 0, expectedLower: Number.NaN, expectedUpper: Number.NaN, page: false, reason };
}
