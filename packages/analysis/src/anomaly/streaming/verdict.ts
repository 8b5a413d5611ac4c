/** Which way a finding points. */
export type Direction = "up" | "down";

/** The kinds of finding, each named for what an operator would see. */
export type FindingKind = "jump" | "burst" | "shift" | "drift" | "extreme" | "season";

/** Why a sample has its score, as a stable word that a page can be explained with. */
export type StreamingReason =
  | "warming-up"
  | "normal"
  | "not-a-number"
  | "out-of-order"
  | "after-gap"
  | "ongoing"
  | "recovered"
  | "variance"
  | "pattern"
  | "flat-line"
  | "absent"
  | `${FindingKind}-${Direction}`;

/** What the detector says about one sample. */
export interface StreamingVerdict {
  /**
   * From 0 (as expected) to 1. From 0.5 on an alarm is open; from 0.75 on this very sample opened
   * it. Below 0.5 the score fades slowly after an alarm.
   */
  readonly score: number;
  /** Bounds in which the value would not have been paged; `NaN` while there is no expectation. */
  readonly expectedLower: number;
  readonly expectedUpper: number;
  /** True once per change: at the sample that opens the alarm. */
  readonly page: boolean;
  readonly reason: StreamingReason;
}

/** A sample worth a page, before holds and recoveries are considered. */
export interface Finding {
  readonly reason: StreamingReason;
  /** How many times over its limit it is; at least 1. */
  readonly strength: number;
  /** A jump has its own, shorter hold, because it names one sharp moment. */
  readonly isJump: boolean;
  /** The level that a jump or a spike left. */
  readonly from?: number;
  /** The farthest value, where it was not the latest. */
  readonly peak?: number;
}
