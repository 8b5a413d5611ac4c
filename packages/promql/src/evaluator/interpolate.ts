import type { NativeHistogram } from "@avx/model";
import { detectReset } from "../histogram/detect-reset.ts";
import {
  addHistogram,
  type Combination,
  scaleHistogram,
} from "../histogram/histogram-arithmetic.ts";
import {
  finished,
  type WorkingHistogram,
  workingCopy,
  workingView,
} from "../histogram/working-histogram.ts";
import type { PositionRange } from "../parser/ast.ts";
import type { Annotation } from "./annotations.ts";
import type { RangeColumns } from "./range-columns.ts";
import { type HistogramOperation, remarks } from "./remarks.ts";

/** Where to interpolate: between the samples `at` and `at + 1`. */
export interface Between {
  readonly at: number;
  readonly timeMs: number;
  /** A drop is a counter reset: the value grew from 0. */
  readonly isCounter: boolean;
}

/** Who is told when histograms do not fit together. */
export interface RemarkOn {
  readonly annotate: (annotation: Annotation) => void;
  readonly range: PositionRange;
  readonly metric: string;
}

/** The float value at a time between two samples, on the straight line. */
export function interpolatedFloat(
  { timesMs, values }: Pick<RangeColumns, "timesMs" | "values">,
  { at, timeMs, isCounter }: Between,
): number {
  const after = values[at + 1]!; // the caller chose `at` so that both samples exist
  let before = values[at]!;
  if (isCounter && after < before) before = 0;
  const elapsedMs = timeMs - timesMs[at]!;
  return before + ((after - before) * elapsedMs) / (timesMs[at + 1]! - timesMs[at]!);
}

/** The same for histograms; undefined (and a remark) when the two cannot be combined. */
export function interpolatedHistogram(
  { histogramTimesMs: timesMs, histograms }: RangeColumns,
  { at, timeMs, isCounter }: Between,
  remarkOn: RemarkOn,
): NativeHistogram | undefined {
  const before = histograms[at]!; // both samples exist, see above
  const after = histograms[at + 1]!;
  if (timeMs === timesMs[at]) return before;
  if (timeMs === timesMs[at + 1]) return after;
  const fraction = (timeMs - timesMs[at]!) / (timesMs[at + 1]! - timesMs[at]!);
  const result = workingCopy(after);
  if (isCounter && detectReset(after, before)) return finished(scaleHistogram(result, fraction));
  const other = workingView(before);
  if (!combined(result, { other, sign: -1 }, remarkOn)) return undefined;
  scaleHistogram(result, fraction);
  return combined(result, { other, sign: 1 }, remarkOn) ? finished(result) : undefined;
}

/** Adds or subtracts a histogram and remarks on what did not fit; false when nothing came of it. */
export function combined(
  target: WorkingHistogram,
  { other, sign }: { readonly other: WorkingHistogram; readonly sign: 1 | -1 },
  remarkOn: RemarkOn,
): boolean {
  const operation = sign === 1 ? "addition" : "subtraction";
  return remarkOnCombination(addHistogram(target, other, sign), operation, remarkOn);
}

/** Remarks on how two histograms were combined; false when they are incompatible. */
export function remarkOnCombination(
  combination: Combination,
  operation: HistogramOperation,
  { annotate, range, metric }: RemarkOn,
): boolean {
  if (combination.kind === "incompatible") {
    annotate(remarks.mixedSchemas(metric, range));
    return false;
  }
  if (combination.boundsReconciled) annotate(remarks.boundsReconciled(operation, range));
  return true;
}
