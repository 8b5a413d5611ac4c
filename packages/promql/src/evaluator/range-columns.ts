import type { LabelledSeries, Labels, NativeHistogram } from "@avx/model";
import { isStale } from "./latest-sample.ts";
import { type Steps, stepTimeMs } from "./steps.ts";
import { ABSENT, FLOAT, type SeriesColumn } from "./value.ts";

/**
 * Samples of one series as range functions see them: floats and histograms apart, each ascending
 * in time, stale markers left out.
 */
export interface RangeColumns {
  readonly labels: Labels;
  /** The metric name is already marked to go (delayed name removal). */
  readonly dropName: boolean;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  /** Start timestamps of the floats, where known and asked for. */
  readonly startsMs?: Float64Array;
  readonly histogramTimesMs: Float64Array;
  readonly histograms: readonly NativeHistogram[];
  readonly histogramStartsMs?: Float64Array;
}

const NO_TIMES = new Float64Array(0);
const NO_INDICES: readonly number[] = [];
const NO_HISTOGRAMS: readonly NativeHistogram[] = [];

/** The columns of a stored series. Without stale markers and histograms nothing is copied. */
export function columnsOfStored(source: LabelledSeries, withStarts: boolean): RangeColumns {
  const { labels, timestampsMs, values, startTimestampsMs } = source;
  if (source.histograms) return splitColumns(source, withStarts);
  const stale = staleIndices(source);
  const starts = withStarts ? startTimestampsMs : undefined;
  return {
    labels,
    dropName: false,
    timesMs: without(timestampsMs, stale),
    values: without(values, stale),
    ...(starts ? { startsMs: without(starts, stale) } : {}),
    histogramTimesMs: NO_TIMES,
    histograms: NO_HISTOGRAMS,
  };
}

/** From this length on looking again costs more than remembering. */
const REMEMBERED_LENGTH = 256;

/**
 * Columns found to be without stale markers. A reader never changes columns that it gave out, and a
 * store gives the same ones again: long ranges then need not pass through memory once more.
 */
const WITHOUT_STALE = new WeakSet<Float64Array>();

function staleIndices(source: LabelledSeries): readonly number[] {
  const { values } = source;
  if (values.length >= REMEMBERED_LENGTH && WITHOUT_STALE.has(values)) return NO_INDICES;
  let found: number[] | undefined;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]) && isStale(source, i)) {
      found ??= [];
      found.push(i);
    }
  }
  if (!found && values.length >= REMEMBERED_LENGTH) WITHOUT_STALE.add(values);
  return found ?? NO_INDICES;
}

/** The column without the given ascending positions. */
function without(column: Float64Array, positions: readonly number[]): Float64Array {
  if (positions.length === 0) return column;
  const kept = new Float64Array(column.length - positions.length);
  let start = 0;
  let at = 0;
  for (const position of positions) {
    kept.set(column.subarray(start, position), at);
    at += position - start;
    start = position + 1;
  }
  kept.set(column.subarray(start), at);
  return kept;
}

function splitColumns(source: LabelledSeries, withStarts: boolean): RangeColumns {
  const floats: number[] = [];
  const histograms: number[] = [];
  for (let i = 0; i < source.timestampsMs.length; i++) {
    if (isStale(source, i)) continue;
    (source.histograms?.[i] ? histograms : floats).push(i);
  }
  const pick = (column: Float64Array, indices: readonly number[]) =>
    Float64Array.from(indices, (i) => column[i]!);
  const starts = withStarts ? source.startTimestampsMs : undefined;
  return {
    labels: source.labels,
    dropName: false,
    timesMs: pick(source.timestampsMs, floats),
    values: pick(source.values, floats),
    histogramTimesMs: pick(source.timestampsMs, histograms),
    histograms: histograms.map((i) => source.histograms![i]!), // chosen above because it is there
    ...(starts
      ? { startsMs: pick(starts, floats), histogramStartsMs: pick(starts, histograms) }
      : {}),
  };
}

/** The columns of a subquery's series: one sample for every step that has one. */
export function columnsOfSteps(series: SeriesColumn, steps: Steps): RangeColumns {
  const { present, values } = series;
  const floats: number[] = [];
  const histograms: number[] = [];
  for (let i = 0; i < present.length; i++) {
    if (present[i] === ABSENT) continue;
    (present[i] === FLOAT ? floats : histograms).push(i);
  }
  return {
    labels: series.labels,
    dropName: series.dropName,
    timesMs: Float64Array.from(floats, (i) => stepTimeMs(steps, i)),
    values: Float64Array.from(floats, (i) => values[i]!),
    histogramTimesMs: Float64Array.from(histograms, (i) => stepTimeMs(steps, i)),
    histograms: histograms.map((i) => withoutResetHint(series.histograms![i]!)), // marked present
  };
}

/** A subquery may skip or repeat samples, so hints about the previous sample no longer hold. */
function withoutResetHint(histogram: NativeHistogram): NativeHistogram {
  const { counterResetHint: hint } = histogram;
  if (hint !== "reset" && hint !== "not-reset") return histogram;
  return { ...histogram, counterResetHint: "unknown" };
}
