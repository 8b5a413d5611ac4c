import type { NativeHistogram } from "@avx/model";
import { type ColumnWriter, putFloat } from "../evaluator/value.ts";
import { type WindowedSeries, windowStartMs } from "../evaluator/windows.ts";
import { detectReset } from "../histogram/detect-reset.ts";
import { equalHistograms } from "../histogram/histogram-equality.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { isStartReset } from "./start-timestamps.ts";
import { type WindowContext, windowFunction } from "./window-function.ts";

/** Whether something happened between two neighbouring samples of the same kind. */
interface PairTest {
  floats(windowed: WindowedSeries, previous: number, current: number): boolean;
  histograms(windowed: WindowedSeries, previous: number, current: number): boolean;
}

/** A function that counts events between neighbours; a change between float and histogram is one. */
function countingFunction(name: string, test: PairTest, readsStarts: boolean) {
  return windowFunction(name, {
    readsStarts,
    visitsWindows: true,
    prepare: () => (windowed, column, context) => {
      for (let i = context.firstStep; i < context.endStep; i++) {
        countAt(i, { windowed, column, test }, context);
      }
    },
  });
}

interface Counting {
  readonly windowed: WindowedSeries;
  readonly column: ColumnWriter;
  readonly test: PairTest;
}

function countAt(i: number, { windowed, column, test }: Counting, context: WindowContext): void {
  const start = firstIndices(i, windowed, context);
  if (!start) return;
  const { timesMs, histogramTimesMs } = windowed.columns;
  const to = windowed.to[i]!;
  const histogramTo = windowed.histogramTo[i]!;
  let float = start.float;
  let histogram = start.histogram;
  let previous: "float" | "histogram" | undefined;
  let events = 0;
  while (float < to || histogram < histogramTo) {
    const isFloat =
      histogram >= histogramTo || (float < to && timesMs[float]! < histogramTimesMs[histogram]!);
    const kind = isFloat ? "float" : "histogram";
    if (previous !== undefined) {
      const happened =
        kind !== previous ||
        (isFloat
          ? test.floats(windowed, float - 1, float)
          : test.histograms(windowed, histogram - 1, histogram));
      if (happened) events++;
    }
    previous = kind;
    if (isFloat) float++;
    else histogram++;
  }
  if (previous !== undefined) putFloat(column, i, events);
}

interface FirstIndices {
  readonly float: number;
  readonly histogram: number;
}

/**
 * Where counting starts: at the start of the window, or for `anchored` at the latest sample before
 * it. Undefined when an anchored window has no sample of its own.
 */
function firstIndices(
  i: number,
  windowed: WindowedSeries,
  { shape, extension }: WindowContext,
): FirstIndices | undefined {
  const { columns, from, to, histogramFrom, histogramTo } = windowed;
  if (extension !== "anchored") return { float: from[i]!, histogram: histogramFrom[i]! };
  const startMs = windowStartMs(shape, i);
  const float = firstAfter(columns.timesMs, { from: from[i]!, to: to[i]!, startMs });
  const histogram = firstAfter(columns.histogramTimesMs, {
    from: histogramFrom[i]!,
    to: histogramTo[i]!,
    startMs,
  });
  if (float >= to[i]! && histogram >= histogramTo[i]!) return undefined;
  const floatMs = float > from[i]! ? columns.timesMs[float - 1]! : undefined;
  const histogramMs =
    histogram > histogramFrom[i]! ? columns.histogramTimesMs[histogram - 1]! : undefined;
  if (floatMs === undefined && histogramMs === undefined) return { float, histogram };
  if (histogramMs === undefined || (floatMs !== undefined && floatMs >= histogramMs)) {
    return { float: float - 1, histogram };
  }
  return { float, histogram: histogram - 1 };
}

function firstAfter(
  timesMs: Float64Array,
  { from, to, startMs }: { readonly from: number; readonly to: number; readonly startMs: number },
): number {
  let at = from;
  while (at < to && timesMs[at]! <= startMs) at++;
  return at;
}

function histogramPair(
  { columns }: WindowedSeries,
  previous: number,
  current: number,
): readonly [NativeHistogram, NativeHistogram] {
  return [columns.histograms[previous]!, columns.histograms[current]!]; // both within the window
}

const CHANGED: PairTest = {
  floats: ({ columns: { values } }, previous, current) => {
    const before = values[previous]!;
    const after = values[current]!;
    return before !== after && !(Number.isNaN(before) && Number.isNaN(after));
  },
  histograms: (windowed, previous, current) => {
    const [before, after] = histogramPair(windowed, previous, current);
    return !equalHistograms(after, before);
  },
};

const RESET: PairTest = {
  floats: ({ columns: { values, timesMs, startsMs } }, previous, current) =>
    values[current]! < values[previous]! || startReset(timesMs, startsMs, [previous, current]),
  histograms: (windowed, previous, current) => {
    const { histogramTimesMs, histogramStartsMs } = windowed.columns;
    const [before, after] = histogramPair(windowed, previous, current);
    return (
      startReset(histogramTimesMs, histogramStartsMs, [previous, current]) ||
      detectReset(after, before)
    );
  },
};

function startReset(
  timesMs: Float64Array,
  startsMs: Float64Array | undefined,
  [previous, current]: readonly [number, number],
): boolean {
  if (!startsMs) return false;
  return isStartReset(
    { timeMs: timesMs[previous]!, startMs: startsMs[previous]! },
    { timeMs: timesMs[current]!, startMs: startsMs[current]! },
  );
}

/** `changes` and `resets`. */
export const COUNTING_FUNCTIONS: readonly FunctionImplementation[] = [
  countingFunction("changes", CHANGED, false),
  countingFunction("resets", RESET, true),
];
