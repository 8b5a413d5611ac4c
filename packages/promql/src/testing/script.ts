import type { Labels, NativeHistogram } from "@avx/model";

/** One place in the values of a series line. */
export type SequenceValue =
  | { readonly kind: "omitted" }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "stale" }
  | {
      readonly kind: "histogram";
      readonly histogram: NativeHistogram;
      /** Whether `counter_reset_hint` was written, and so is to be compared. */
      readonly hintGiven: boolean;
    };

/** A series line of a script: labels and values, with start offsets where `@st` gave them. */
export interface SeriesLine {
  readonly labels: Labels;
  readonly values: readonly SequenceValue[];
  /** Start timestamps relative to the samples' times in ms; undefined where none is given. */
  readonly startOffsetsMs?: readonly (number | undefined)[];
}

export interface LoadCommand {
  readonly kind: "load";
  readonly line: number;
  readonly stepMs: number;
  /** Classic histograms are loaded once more as native ones with custom buckets. */
  readonly withNhcb: boolean;
  readonly series: readonly SeriesLine[];
}

/** A text that must be met exactly, or a pattern that must match; neither: anything will do. */
export interface ExpectedText {
  readonly message?: string;
  readonly pattern?: RegExp;
}

export interface ExpectedSeries {
  readonly labels: Labels;
  readonly values: readonly SequenceValue[];
}

export interface EvalCommand {
  readonly kind: "eval";
  readonly line: number;
  readonly query: string;
  readonly isRange: boolean;
  /** The times of the query; for `expect range vector` those of the expected samples. */
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  readonly ordered: boolean;
  /** Present: the query must fail. */
  readonly fail?: ExpectedText;
  readonly warnings: readonly ExpectedText[];
  readonly infos: readonly ExpectedText[];
  readonly noWarnings: boolean;
  readonly noInfos: boolean;
  readonly expectedScalar?: SequenceValue;
  readonly expectedString?: string;
  readonly expectsRangeVector: boolean;
  readonly expectedSeries: readonly ExpectedSeries[];
}

export type ScriptCommand = { readonly kind: "clear" } | LoadCommand | EvalCommand;
