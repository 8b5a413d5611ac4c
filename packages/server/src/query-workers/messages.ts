import type {
  ErrorCode,
  ErrorFacts,
  Labels,
  Matcher,
  NativeHistogram,
  TimeRange,
} from "@avx/model";
import type { SampleChanges, SelectionEstimate } from "@avx/promql";
import type { AnswerRequest } from "../api/query-answer.ts";

/** What a worker is told when it starts. */
export interface WorkerSettings {
  readonly experimentalFunctions: boolean;
}

/** Series on their way to a worker: all columns in one buffer, which is moved and not copied. */
export interface SeriesParcel {
  readonly columns: ArrayBuffer;
  /**
   * Five numbers for each series: number of its labels, length, and where in `columns` its
   * timestamps, values and start timestamps begin, in floats; -1 = no start timestamps.
   */
  readonly entries: Int32Array;
  /** What came before is forgotten: numbers of labels begin anew. */
  readonly forget: boolean;
  /** Label sets that the worker has not seen yet: their numbers follow those of all before. */
  readonly labels: readonly Labels[];
  /** Histograms of the series that have any, by position in the parcel. */
  readonly histograms: readonly (readonly [number, readonly (NativeHistogram | undefined)[]])[];
}

/** An error on its way between threads, where classes are lost. */
export type SentError =
  | { readonly kind: "avx"; readonly code: ErrorCode; readonly facts: ErrorFacts }
  | { readonly kind: "other"; readonly text: string };

/** The main thread's answer to a question of the worker's reader; `call` names the question. */
export type ReadAnswer =
  | {
      readonly type: "selected";
      readonly call: number;
      readonly parcel: SeriesParcel;
      readonly isLast: boolean;
    }
  | { readonly type: "estimated"; readonly call: number; readonly estimate: SelectionEstimate }
  | { readonly type: "changed"; readonly call: number; readonly changes: SampleChanges }
  | { readonly type: "readFailed"; readonly call: number; readonly error: SentError };

/** What the main thread says to a worker, which has one question at a time. */
export type ToWorker =
  | { readonly type: "ask"; readonly request: AnswerRequest }
  | { readonly type: "cancel" }
  /** So many further pieces of the answer were taken. */
  | { readonly type: "taken"; readonly pieces: number }
  | ReadAnswer;

/** A question of the worker's reader. */
export type ReadQuestion =
  | {
      readonly type: "select" | "estimate";
      readonly call: number;
      readonly matchers: readonly Matcher[];
      readonly range: TimeRange;
    }
  | { readonly type: "changes"; readonly call: number; readonly mark: number }
  | { readonly type: "stopSelect"; readonly call: number };

/** What a worker says to the main thread. A question ends with `done` or `failed`. */
export type FromWorker =
  | ReadQuestion
  | { readonly type: "answer"; readonly isMatrix: boolean; readonly points: number }
  | { readonly type: "piece"; readonly bytes: Uint8Array }
  | { readonly type: "done" }
  | { readonly type: "failed"; readonly error: SentError };
