import type { ContrastValues } from "./contrasts.ts";
import { DecayedRecord } from "./decayed-record.ts";
import type { StreamingReason } from "./verdict.ts";

/** How one contrast is held against its own record. */
interface RecordRule {
  readonly contrast: keyof ContrastValues | "season";
  /** Multiple of the record that is worth a page, in a mature series. */
  readonly limit: number;
  readonly halfLifeSamples: number;
  /** Whether up and down have a record each. */
  readonly isSigned: boolean;
  /** Samples before the contrast is judged: its levels must have seen more than its window. */
  readonly judgedAfter: number;
  /** Whether the contrast spans enough samples to need no second one that confirms it. */
  readonly isLasting: boolean;
}

/** Chosen on the public data; docs/reference/anomaly-detection.md tells how, and what each adds. */
const RULES: readonly RecordRule[] = [
  {
    contrast: "burst",
    limit: 1.35,
    halfLifeSamples: 10_000,
    isSigned: true,
    judgedAfter: 60,
    isLasting: false,
  },
  {
    contrast: "shift",
    limit: 1.2,
    halfLifeSamples: 10_000,
    isSigned: false,
    judgedAfter: 100,
    isLasting: true,
  },
  {
    contrast: "extreme",
    limit: 1.22,
    halfLifeSamples: 10_000,
    isSigned: false,
    judgedAfter: 60,
    isLasting: false,
  },
  {
    contrast: "drift",
    limit: 1.05,
    halfLifeSamples: 30_000,
    isSigned: false,
    judgedAfter: 250,
    isLasting: true,
  },
  {
    contrast: "roughness",
    limit: 1.75,
    halfLifeSamples: 500,
    isSigned: false,
    judgedAfter: 250,
    isLasting: true,
  },
  {
    contrast: "pattern",
    limit: 1.4,
    halfLifeSamples: 10_000,
    isSigned: false,
    judgedAfter: 1000,
    isLasting: true,
  },
  {
    contrast: "season",
    limit: 1.8,
    halfLifeSamples: 10_000,
    isSigned: true,
    judgedAfter: 60,
    isLasting: true,
  },
];

/** The first levels rest on so few samples that a deviation from them would be a false record. */
const LEARNED_AFTER = 12;

/** All of the first shapes are new, and would be a record that nothing beats for long. */
const SHAPES_LEARNED_AFTER = 600;

/** A young series has shown little, so its limits begin wider and reach their size by this age. */
const MATURE_SAMPLES = 500;

/** Of few events the next two may be a record mean, so windows are given this much more room. */
const SPARSE_FACTOR = 1.5;

/** What is known of the series besides its contrasts. */
export interface RecordContext {
  /** Samples before this one. */
  readonly age: number;
  readonly isSparse: boolean;
  /** Whether the value is what this time of the week usually brings. */
  readonly isExpected: boolean;
  /** Whether the level usually moves at this time of the week. */
  readonly isMoving: boolean;
}

/** How far the series is from what its time brings. */
export interface SeasonDeviation {
  readonly deviation: number;
  readonly isSeasonal: boolean;
  /** The record to hold it against, in place of the book's own. */
  readonly record?: DecayedRecord | undefined;
}

/** The strongest contrast against its record. Rewritten by every `weigh`. */
export interface RecordEvidence {
  /** 1 is worth a page. */
  strength: number;
  reason: StreamingReason;
  isLasting: boolean;
}

/** Keeps the record of every contrast, and tells when one is broken by a margin. */
export class RecordBook {
  static readonly stateLength = RULES.length * DecayedRecord.stateLength;
  readonly latest: RecordEvidence = { strength: 0, reason: "normal", isLasting: false };
  readonly #records: readonly DecayedRecord[];

  constructor(state: Float32Array) {
    const size = DecayedRecord.stateLength;
    this.#records = RULES.map(
      (rule, i) => new DecayedRecord(state.subarray(i * size, (i + 1) * size), rule),
    );
  }

  /** Deviation from the level, up or down, that would not be worth a page as a burst. */
  burstBound(sign: number, age: number): number {
    return widened(RULES[0]!.limit, age) * this.#records[0]!.bound(sign);
  }

  /**
   * Weighs the contrasts of a sample and takes them in. The deviation from the day's profile is
   * always learned, but judged only in a seasonal series.
   */
  weigh(
    contrasts: ContrastValues,
    season: SeasonDeviation,
    context: RecordContext,
  ): RecordEvidence {
    const { age, isSparse } = context;
    const latest = this.latest;
    latest.strength = 0;
    for (let i = 0; i < RULES.length; i++) {
      const rule = RULES[i]!;
      const isSeason = rule.contrast === "season";
      const record = (isSeason ? season.record : undefined) ?? this.#records[i]!;
      const deviation = rule.contrast === "season" ? season.deviation : contrasts[rule.contrast];
      const isJudged = (!isSeason || season.isSeasonal) && !isExcused(rule, context);
      if (age >= rule.judgedAfter && isJudged) {
        const margin = isSparse && rule.isLasting ? SPARSE_FACTOR : 1;
        const strength = record.ratio(deviation) / (margin * widened(rule.limit, age));
        if (strength > latest.strength) {
          latest.strength = strength;
          latest.reason = reasonOf(rule.contrast, deviation);
          latest.isLasting = rule.isLasting;
        }
      }
      const learnedAfter = rule.contrast === "pattern" ? SHAPES_LEARNED_AFTER : LEARNED_AFTER;
      if (age >= learnedAfter) record.learn(deviation);
    }
    return latest;
  }
}

/** What is usual at this time of the week is no news; noise is, unless the level usually moves. */
function isExcused({ contrast }: RecordRule, { isExpected, isMoving }: RecordContext): boolean {
  return isExpected && (isMoving || contrast !== "roughness");
}

function widened(limit: number, age: number): number {
  return limit * (1 + Math.max(0, 1 - age / MATURE_SAMPLES));
}

function reasonOf(contrast: RecordRule["contrast"], deviation: number): StreamingReason {
  if (contrast === "roughness") return "variance";
  if (contrast === "pattern") return "pattern";
  return deviation > 0 ? `${contrast}-up` : `${contrast}-down`;
}
