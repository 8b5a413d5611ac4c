import { remarks } from "../evaluator/remarks.ts";
import { metricName } from "../evaluator/series-labels.ts";
import { ABSENT, type ColumnWriter, FLOAT, putFloat } from "../evaluator/value.ts";
import { type WindowedSeries, windowEndMs } from "../evaluator/windows.ts";
import { extendedRate } from "./extended-rate.ts";
import { extrapolationFactor, knownStartFactor } from "./extrapolate.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { histogramRateAt } from "./histogram-rate.ts";
import type { RateKind, RateTarget } from "./rate-target.ts";
import { findResets, type ResetPositions } from "./reset-positions.ts";
import { type WindowContext, windowFunction } from "./window-function.ts";

/** Endings that tell a counter by its name. */
const COUNTER_SUFFIXES = ["_total", "_sum", "_count", "_bucket"];

function rateFunction(name: string, kind: RateKind): FunctionImplementation {
  return windowFunction(name, {
    readsStarts: kind.isCounter,
    prepare: () => (windowed, column, context) => {
      if (context.extension !== "none") extendedRate(windowed, { column, kind }, context);
      else extrapolatedRate(windowed, { column, kind }, context);
      if (kind.isCounter) remarkOnName(windowed, column, context);
    },
  });
}

function extrapolatedRate(
  windowed: WindowedSeries,
  target: RateTarget,
  context: WindowContext,
): void {
  const { columns, from, to, histogramFrom, histogramTo } = windowed;
  const { timesMs, values, startsMs } = columns;
  const { kind, column } = target;
  const { shape, range } = context;
  const found = kind.isCounter ? findResets({ timesMs, values, startsMs }) : undefined;
  const seconds = kind.perSecond ? shape.windowMs / 1000 : 1;
  const hasHistograms = columns.histograms.length > 0;
  const increase = increaseReader(windowed, found);
  for (let i = context.firstStep; i < context.endStep; i++) {
    const first = from[i]!;
    const last = to[i]! - 1;
    if (hasHistograms && histogramFrom[i] !== histogramTo[i]) {
      if (last >= first) {
        context.annotate(remarks.mixedFloatsHistograms(metricName(columns.labels), range));
      } else histogramRateAt(i, { windowed, target }, context);
      continue;
    }
    if (last < first) continue;
    if (found && found.overlaps.length > 0 && containsAny(found.overlaps, first, last)) {
      context.annotate(remarks.startTimeOverlap(metricName(columns.labels), range));
    }
    const endMs = windowEndMs(shape, i);
    const startMs = endMs - shape.windowMs;
    const grown = increase(first, last);
    const startedMs = kind.isCounter && startsMs ? startsMs[first]! : 0;
    if (startedMs !== 0 && startedMs > startMs && startedMs < timesMs[first]!) {
      // The counter began within the window: it grew from 0 at its start, nothing to guess on that side.
      const sinceStart = { firstMs: startedMs, lastMs: timesMs[last]!, endMs };
      const factor = knownStartFactor(sinceStart, timesMs[first]!, last - first);
      putFloat(column, i, (grown + values[first]!) * (factor / seconds));
      continue;
    }
    if (last === first) continue;
    const firstValue = values[first]!;
    const limited = kind.isCounter && grown > 0 && firstValue >= 0;
    const factor = extrapolationFactor({
      startMs,
      endMs,
      firstMs: timesMs[first]!,
      lastMs: timesMs[last]!,
      intervals: last - first,
      zeroRatio: limited ? firstValue / grown : Number.POSITIVE_INFINITY,
    });
    putFloat(column, i, grown * (factor / seconds));
  }
}

/** The increase between two samples; for counters with what was lost in resets added in order. */
function increaseReader(
  { columns: { values } }: WindowedSeries,
  found: ResetPositions | undefined,
): (first: number, last: number) => number {
  if (!found || found.resets.length === 0) return (first, last) => values[last]! - values[first]!;
  const { resets } = found;
  let next = 0;
  return (first, last) => {
    // Windows only move forward, so resets before one are never needed again.
    while (next < resets.length && resets[next]! <= first) next++;
    let grown = values[last]! - values[first]!;
    for (let r = next; r < resets.length && resets[r]! <= last; r++) {
      grown += values[resets[r]! - 1]!;
    }
    return grown;
  };
}

function containsAny(positions: Int32Array, after: number, upTo: number): boolean {
  return positions.some((position) => position > after && position <= upTo);
}

function remarkOnName(
  { columns }: WindowedSeries,
  column: ColumnWriter,
  { annotate, range }: WindowContext,
): void {
  const name = metricName(columns.labels);
  if (name === "" || COUNTER_SUFFIXES.some((suffix) => name.endsWith(suffix))) return;
  if (column.present.some((mark) => mark !== ABSENT && mark === FLOAT)) {
    annotate(remarks.possibleNonCounter(name, range));
  }
}

/** `rate`, `increase` and `delta`. */
export const RATE_FUNCTIONS: readonly FunctionImplementation[] = [
  rateFunction("rate", { isCounter: true, perSecond: true }),
  rateFunction("increase", { isCounter: true, perSecond: false }),
  rateFunction("delta", { isCounter: false, perSecond: false }),
];
