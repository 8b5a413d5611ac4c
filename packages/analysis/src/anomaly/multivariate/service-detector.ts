import { AnalysisError, requireInteger } from "../../analysis-error.ts";
import { AlarmScore } from "../streaming/alarm-score.ts";
import { DecayedRecord } from "../streaming/decayed-record.ts";
import { needsConfirmation } from "../streaming/jump-test.ts";
import { SamplingInterval } from "../streaming/sampling-interval.ts";
import { StateArena } from "../streaming/state-arena.ts";
import { RobustCovariance } from "./robust-covariance.ts";

/** What a service detector needs to know. */
export interface ServiceDetectorOptions {
  /** Names of the signals in the order of the values, 2 to 16. */
  readonly signals: readonly string[];
  /** Samples before anything can be paged; 100 by default, at least 50. */
  readonly warmUpSamples?: number;
  /**
   * Deviations below which each signal is not told apart, in its own unit: what keeps the first
   * failure after days without any from being the largest distance ever. 0 each when absent.
   */
  readonly leastScales?: readonly number[];
}

/** How much one signal accounts for. */
export interface SignalShare {
  readonly signal: string;
  /** From 0 to 1; those of all signals sum to 1. */
  readonly share: number;
}

/** What is said of all signals of a service at one moment. */
export interface ServiceVerdict {
  /** As a stream's: at least 0.75 at a page, 0.5 to 0.75 while it is open, else below 0.5. */
  readonly score: number;
  /** True once per change. */
  readonly page: boolean;
  /** Mahalanobis distance from the usual; `NaN` for a sample that is not judged. */
  readonly distance: number;
  /** The largest first; empty unless the distance is a record worth a page. */
  readonly shares: readonly SignalShare[];
}

/** A saved service detector; plain JSON. */
export interface ServiceDetectorState {
  readonly version: 1;
  readonly packed: string;
}

/** Judges the golden signals of one service together, moment by moment, at O(signals^3) each. */
export interface ServiceDetector {
  /** Values in the order of the signals. One not finite, or out of order: not judged nor learned. */
  push(timestampMs: number, values: ArrayLike<number>): ServiceVerdict;
  save(): ServiceDetectorState;
  /** Throws `invalid_state` for a state of another version or number of signals. */
  restore(state: ServiceDetectorState): void;
  readonly stateBytes: number;
}

const MOST_SIGNALS = 16;

/** Beyond this the squares would overflow. */
const LARGEST_VALUE = 1e30;

/** Multiple of the record that is worth a page, and the record's half-life, as for one series. */
const LIMIT = 1.5;
const RECORD_SAMPLES = 10_000;

/** The part of a record that the next sample must still show. */
const CONFIRMED_PART = 0.5;

/** A young service has shown little: its limit begins at twice the size. */
const MATURE_SAMPLES = 500;

/** Samples for which an alarm stays open after the last record. */
const OPEN_SAMPLES = 50;

const COUNT = 0;
const PENDING = 1;
const OPEN_LEFT = 2;
const CORE_LENGTH = 3;

/** Creates a service detector without history. Throws `invalid_parameter` for a bad option. */
export function createServiceDetector(options: ServiceDetectorOptions): ServiceDetector {
  const { signals, warmUpSamples = 100, leastScales = [] } = options;
  requireInteger("warmUpSamples", warmUpSamples, 50);
  if (signals.length < 2 || signals.length > MOST_SIGNALS) {
    const reason = `must be 2 to ${MOST_SIGNALS} names, got ${signals.length}`;
    throw new AnalysisError("invalid_parameter", { parameter: "signals", reason });
  }
  return new Service(signals, warmUpSamples, leastScales);
}

class Service implements ServiceDetector {
  readonly #signals: readonly string[];
  readonly #warmUpSamples: number;
  readonly #arena = new StateArena();
  readonly #core = this.#arena.takeSingle(CORE_LENGTH);
  readonly #interval = new SamplingInterval(this.#arena.take(SamplingInterval.stateLength));
  readonly #record = new DecayedRecord(this.#arena.takeSingle(DecayedRecord.stateLength), {
    ...{ halfLifeSamples: RECORD_SAMPLES, isSigned: false },
  });
  readonly #alarmScore = new AlarmScore(this.#arena.takeSingle(AlarmScore.stateLength));
  readonly #covariance: RobustCovariance;

  constructor(signals: readonly string[], warmUpSamples: number, leastScales: readonly number[]) {
    this.#signals = signals;
    this.#warmUpSamples = warmUpSamples;
    const { length } = signals;
    const state = this.#arena.take(RobustCovariance.stateLength(length));
    this.#covariance = new RobustCovariance(state, length, leastScales);
  }

  get stateBytes(): number {
    return this.#arena.byteLength;
  }

  save(): ServiceDetectorState {
    return { version: 1, packed: this.#arena.save() };
  }

  restore(state: ServiceDetectorState): void {
    if (state.version !== 1) {
      throw new AnalysisError("invalid_state", { reason: `unknown version ${state.version}` });
    }
    this.#arena.restore(state.packed);
  }

  push(timestampMs: number, values: ArrayLike<number>): ServiceVerdict {
    if (!this.#isUsable(timestampMs, values)) return unjudged();
    const arrival = this.#interval.place(timestampMs);
    if (arrival === "out-of-order") return unjudged();
    const core = this.#core;
    const age = core[COUNT]!;
    core[COUNT] = Math.min(age + 1, MATURE_SAMPLES + this.#warmUpSamples);
    core[OPEN_LEFT] = Math.max(0, core[OPEN_LEFT]! - 1);
    const distance = this.#covariance.distance(values);
    const isJudged = age >= this.#warmUpSamples && arrival !== "after-gap";
    const limit = LIMIT * (1 + Math.max(0, 1 - age / MATURE_SAMPLES));
    const ratio = isJudged ? this.#record.ratio(distance) : 0;
    const strength = ratio / limit;
    const page = this.#decide(strength >= 1, ratio >= CONFIRMED_PART);
    // The early distances rest on too few rows to be anybody's record.
    if (age >= this.#warmUpSamples / 2) this.#record.learn(distance);
    const shares = strength >= 1 || page ? this.#shares(values) : [];
    this.#covariance.learn(values, distance);
    const score = this.#alarmScore.take({
      pageStrength: page ? strength : undefined,
      evidence: strength,
      isOpen: core[OPEN_LEFT] > 0,
    });
    return { score, page, distance: isJudged ? distance : Number.NaN, shares };
  }

  #isUsable(timestampMs: number, values: ArrayLike<number>): boolean {
    if (!Number.isFinite(timestampMs) || values.length !== this.#signals.length) return false;
    for (let i = 0; i < values.length; i++) {
      if (!(Math.abs(values[i]!) <= LARGEST_VALUE)) return false;
    }
    return true;
  }

  /** In a fast series the next sample must still be as far as the confirming part of the first. */
  #decide(isRecord: boolean, confirms: boolean): boolean {
    const core = this.#core;
    const wasPending = core[PENDING] === 1;
    core[PENDING] = isRecord ? 1 : 0;
    const isFast = needsConfirmation(this.#interval.intervalMs);
    const isSeen = isFast ? wasPending && confirms : isRecord;
    if (!isSeen) return false;
    core[PENDING] = 0;
    const isNew = core[OPEN_LEFT] === 0;
    core[OPEN_LEFT] = OPEN_SAMPLES;
    return isNew;
  }

  #shares(values: ArrayLike<number>): SignalShare[] {
    const shares = this.#covariance.shares(values);
    return this.#signals
      .map((signal, i) => ({ signal, share: shares[i]! }))
      .toSorted((a, b) => b.share - a.share);
  }
}

function unjudged(): ServiceVerdict {
  return { score: 0, page: false, distance: Number.NaN, shares: [] };
}
