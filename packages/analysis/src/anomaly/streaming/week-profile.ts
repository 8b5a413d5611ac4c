import { AnalysisError } from "../../analysis-error.ts";
import type { Moment } from "./day-profile.ts";
import { DecayedRecord } from "./decayed-record.ts";
import { StateArena } from "./state-arena.ts";

const HOUR_MS = 3_600_000;
const HOURS = 168;
const HOURS_OF_DAY = 24;

/** Stands for an hour of the week that has not been seen; finite, because a state must be. */
const UNSEEN = Math.fround(3e38);

/** Hours that must have been compared with the week before; three days, so that they differ. */
const LEAST_COMPARED = 72;

/** Correlation of hourly means with those of a week before, from which a week is believed. */
const LEAST_CORRELATION = 0.5;

/** The week must leave at most this part of the squared difference that the day before leaves. */
const BETTER_THAN_DAY = 0.6;

/** How far an hour moves towards the newest week, and how many usual distances at most. */
const LEARNING_RATE = 0.4;
const PULL_TIMES = 4;

/**
 * Distance from the hours around, in usual distances, within which a value is expected. Values
 * between the hours have none, so this is about three standard deviations of normal noise.
 */
const EXPECTED_TIMES = 6;

/** Smoothing of the deviation, memory of the usual distance, and its clip; as for the day. */
const DEVIATION_RATE = 0.4;
const DISTANCE_SAMPLES = 3000;
const CLIP_TIMES = 6;

/** Half-life of the largest deviation, in samples; as for the day. */
const RECORD_SAMPLES = 10_000;

/** Hours after which a week that explains nothing is given up. */
const TRIED_HOURS = 21 * HOURS_OF_DAY;

const HOUR = 0;
const SUM = 1;
const SAMPLES = 2;
const AGE_HOURS = 3;
const COMPARED = 4;
const CENTER = 5;
const VARIANCE = 6;
const WEEK_DIFFERENCE = 7;
const DAY_DIFFERENCE = 8;
const DEVIATION = 9;
/** Two of each: for hours below the mean level, and for busier ones, which are noisier. */
const DISTANCE = 10;
const LEARNED = 12;
const CORE_LENGTH = 14;

/** Values that a time of the week usually brings. */
export interface UsualRange {
  readonly lower: number;
  readonly upper: number;
  /** Whether the level usually moves at this time, more than it varies. */
  readonly isMoving: boolean;
}

/**
 * The usual course of a week (UTC) in hourly means. It learns beside the day's profile and speaks
 * only while the autocorrelation at a week supports it: an hour must resemble itself a week ago, and
 * clearly more than it resembles the same hour of the day before.
 */
export class WeekProfile {
  readonly #arena = new StateArena();
  readonly #state = this.#arena.takeSingle(CORE_LENGTH);
  readonly #hours = this.#arena.takeSingle(HOURS).fill(UNSEEN);
  /** The largest deviations from the week; those from the day, weekends too, say nothing here. */
  readonly record = new DecayedRecord(this.#arena.takeSingle(DecayedRecord.stateLength), {
    ...{ halfLifeSamples: RECORD_SAMPLES, isSigned: true },
  });

  /** A saved week; throws `invalid_state` when it is none. */
  static restore(saved: string): WeekProfile {
    const week = new WeekProfile();
    week.#arena.restore(saved);
    const hour = week.#state[HOUR]!;
    if (hour >= 0 && hour < HOURS) return week;
    throw new AnalysisError("invalid_state", { reason: `${hour} is no hour of a week` });
  }

  /** For `restore`. */
  save(): string {
    return this.#arena.save();
  }

  /** What the week takes in memory, beside the state of its detector. */
  get byteLength(): number {
    return this.#arena.byteLength;
  }

  /** Whether the series follows the week. */
  get isSeasonal(): boolean {
    const state = this.#state;
    if (state[COMPARED]! < LEAST_COMPARED) return false;
    const isCorrelated = state[WEEK_DIFFERENCE]! <= 2 * (1 - LEAST_CORRELATION) * state[VARIANCE]!;
    return isCorrelated && state[WEEK_DIFFERENCE]! < BETTER_THAN_DAY * state[DAY_DIFFERENCE]!;
  }

  /** Whether it has been tried for long enough, and the series does not follow the week. */
  get isFutile(): boolean {
    return this.#state[AGE_HOURS]! > TRIED_HOURS && !this.isSeasonal;
  }

  /** Smoothed distance from the hours around, in distances usual at this level. */
  get deviation(): number {
    return this.#state[DEVIATION]!;
  }

  /**
   * What this time of the week usually brings: the range of the hour and its neighbours, because
   * people are not punctual, and some usual distances more. `undefined` while no week is believed.
   */
  rangeAt(timestampMs: number): UsualRange | undefined {
    if (!this.isSeasonal) return undefined;
    const around = this.#aroundAt(timestampMs);
    if (around === undefined) return undefined;
    const { lowest, highest } = around;
    const margin = EXPECTED_TIMES * this.#state[DISTANCE + this.#levelOf(highest)]!;
    const isMoving = highest - lowest > 2 * margin;
    return { lower: lowest - margin, upper: highest + margin, isMoving };
  }

  /** Takes a sample of its moment. */
  take(value: number, { timestampMs }: Moment): void {
    const state = this.#state;
    const hour = hourOf(timestampMs);
    if (hour !== state[HOUR]) {
      if (state[SAMPLES]! > 0) this.#close(state[HOUR]!, state[SUM]! / state[SAMPLES]!);
      state[AGE_HOURS] = state[AGE_HOURS]! + ((hour - state[HOUR]! + HOURS) % HOURS);
      state[HOUR] = hour;
      state[SUM] = 0;
      state[SAMPLES] = 0;
    }
    state[SUM] = state[SUM]! + value;
    state[SAMPLES] = state[SAMPLES]! + 1;
    const around = this.#aroundAt(timestampMs);
    if (around === undefined) return;
    const { lowest, highest } = around;
    const distance = value - Math.max(lowest, Math.min(highest, value));
    this.#compare(distance, this.#levelOf(highest));
  }

  /** An hour is over: compares its mean with the week and the day before, then learns it. */
  #close(hour: number, mean: number): void {
    const state = this.#state;
    const before = this.#hours[hour]!;
    const dayBefore = this.#at(hour - HOURS_OF_DAY);
    if (before === UNSEEN || dayBefore === UNSEEN) {
      this.#hours[hour] = mean;
      if (state[COMPARED] === 0) state[CENTER] = mean;
      return;
    }
    state[COMPARED] = state[COMPARED]! + 1;
    const rate = Math.max(1 / HOURS, 1 / state[COMPARED]);
    const difference = mean - before;
    const center = state[CENTER]!;
    state[CENTER] = center + rate * (mean - center);
    this.#approach(VARIANCE, (mean - state[CENTER]) * (mean - center), rate);
    this.#approach(WEEK_DIFFERENCE, difference ** 2, rate);
    this.#approach(DAY_DIFFERENCE, (mean - dayBefore) ** 2, rate);
    const limit = this.isSeasonal ? PULL_TIMES * Math.sqrt(state[WEEK_DIFFERENCE]!) : Infinity;
    const pull = Math.max(-limit, Math.min(limit, difference));
    this.#hours[hour] = before + LEARNING_RATE * pull;
  }

  /** The lowest and highest mean of the hour and its neighbours, once all are known. */
  #aroundAt(
    timestampMs: number,
  ): { readonly lowest: number; readonly highest: number } | undefined {
    const hour = hourOf(timestampMs);
    const around = [this.#at(hour - 1), this.#at(hour), this.#at(hour + 1)];
    if (around.includes(UNSEEN)) return undefined;
    return { lowest: Math.min(...around), highest: Math.max(...around) };
  }

  #compare(distance: number, level: 0 | 1): void {
    const state = this.#state;
    const usual = state[DISTANCE + level]!;
    const ratio = usual > 0 ? distance / usual : 0;
    state[DEVIATION] = state[DEVIATION]! + DEVIATION_RATE * (ratio - state[DEVIATION]!);
    const learned = state[LEARNED + level]! + 1;
    state[LEARNED + level] = learned;
    const clipped =
      usual > 0 ? Math.min(Math.abs(distance), CLIP_TIMES * usual) : Math.abs(distance);
    this.#approach(DISTANCE + level, clipped, Math.max(1 / DISTANCE_SAMPLES, 1 / learned));
  }

  #levelOf(expected: number): 0 | 1 {
    return expected > this.#state[CENTER]! ? 1 : 0;
  }

  #approach(slot: number, value: number, rate: number): void {
    this.#state[slot] = this.#state[slot]! + rate * (value - this.#state[slot]!);
  }

  #at(hour: number): number {
    return this.#hours[(hour + HOURS) % HOURS]!;
  }
}

function hourOf(timestampMs: number): number {
  return ((Math.floor(timestampMs / HOUR_MS) % HOURS) + HOURS) % HOURS;
}
