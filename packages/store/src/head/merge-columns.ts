import type { NativeHistogram, SampleColumns } from "@avx/model";
import { withStoredHints } from "@avx/promql";

/**
 * One run of columns out of several, each ascending. Where two hold the same timestamp the later
 * part of the list wins. Samples move in whole stretches: joining costs little more than a copy,
 * also where a few late samples fall into a long run.
 */
export function mergeColumns(parts: readonly SampleColumns[]): SampleColumns {
  const [first, ...later] = ascendingRuns(parts);
  if (!first) return emptyColumns([], 0);
  return later.reduce(interleave, first);
}

/** Neighbours in the list that follow one another in time become one run. */
function ascendingRuns(parts: readonly SampleColumns[]): SampleColumns[] {
  const runs: SampleColumns[] = [];
  let run: SampleColumns[] = [];
  for (const part of parts) {
    if (part.timestampsMs.length === 0) continue;
    const before = run.at(-1);
    if (before && !precedes(before, part)) {
      runs.push(concatenate(run));
      run = [];
    }
    run.push(part);
  }
  if (run.length > 0) runs.push(concatenate(run));
  return runs;
}

function precedes({ timestampsMs: before }: SampleColumns, after: SampleColumns): boolean {
  return before[before.length - 1]! < after.timestampsMs[0]!;
}

/** At least one part; they follow one another in time. */
function concatenate(parts: readonly SampleColumns[]): SampleColumns {
  if (parts.length === 1) return parts[0]!;
  const target = emptyColumns(parts, totalLength(parts));
  let at = 0;
  for (const part of parts) {
    copyStretch(part, { from: 0, to: part.timestampsMs.length }, { target, at });
    at += part.timestampsMs.length;
  }
  return target;
}

/** Merges two ascending runs that overlap in time; of equal times the one of `later` stays. */
function interleave(earlier: SampleColumns, later: SampleColumns): SampleColumns {
  const pair = [earlier, later];
  const target = emptyColumns(pair, totalLength(pair));
  const old = earlier.timestampsMs;
  const fresh = later.timestampsMs;
  let i = 0;
  let k = 0;
  let at = 0;
  const take = (part: SampleColumns, from: number, to: number): void => {
    if (from === to) return;
    copyStretch(part, { from, to }, { target, at });
    at += to - from;
  };
  let untaken = 0;
  while (k < fresh.length) {
    const end = stretchEnd(old, i, fresh[k]!);
    if (end > i) {
      take(later, untaken, k);
      untaken = k;
      take(earlier, i, end);
      i = end;
    }
    if (old[i] === fresh[k]) i++;
    k = stretchEnd(fresh, k, old[i] ?? Infinity);
  }
  take(later, untaken, k);
  take(earlier, i, old.length);
  const merged = shortened(target, at);
  if (merged.histograms) merged.histograms = withStoredHints(merged.histograms);
  return merged;
}

/** The first position from `from` on whose time is at least `timeMs`. */
function stretchEnd(timesMs: Float64Array, from: number, timeMs: number): number {
  let width = 1;
  let low = from;
  while (low + width <= timesMs.length && timesMs[low + width - 1]! < timeMs) {
    low += width;
    width *= 2;
  }
  let high = Math.min(low + width, timesMs.length);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timesMs[middle]! < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Stretch {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

interface Place {
  readonly target: MutableColumns;
  readonly at: number;
}

/** Copies bytes, never numbers: a loop may turn the stale marker into an ordinary NaN. */
function copyStretch(part: SampleColumns, { from, to }: Stretch, { target, at }: Place): void {
  target.timestampsMs.set(part.timestampsMs.subarray(from, to), at);
  target.values.set(part.values.subarray(from, to), at);
  if (part.startTimestampsMs) {
    target.startTimestampsMs?.set(part.startTimestampsMs.subarray(from, to), at);
  }
  if (!part.histograms || !target.histograms) return;
  for (let i = from; i < to; i++) target.histograms[at + i - from] = part.histograms[i];
}

interface MutableColumns {
  timestampsMs: Float64Array;
  values: Float64Array;
  histograms?: (NativeHistogram | undefined)[];
  startTimestampsMs?: Float64Array;
}

function emptyColumns(parts: readonly SampleColumns[], length: number): MutableColumns {
  const columns: MutableColumns = {
    timestampsMs: new Float64Array(length),
    values: new Float64Array(length),
  };
  if (parts.some((part) => part.histograms)) {
    columns.histograms = new Array<NativeHistogram | undefined>(length).fill(undefined);
  }
  if (parts.some((part) => part.startTimestampsMs)) {
    columns.startTimestampsMs = new Float64Array(length);
  }
  return columns;
}

function shortened(columns: MutableColumns, length: number): MutableColumns {
  if (length === columns.values.length) return columns;
  return {
    timestampsMs: columns.timestampsMs.slice(0, length),
    values: columns.values.slice(0, length),
    ...(columns.histograms ? { histograms: columns.histograms.slice(0, length) } : {}),
    ...(columns.startTimestampsMs
      ? { startTimestampsMs: columns.startTimestampsMs.slice(0, length) }
      : {}),
  };
}

function totalLength(parts: readonly SampleColumns[]): number {
  return parts.reduce((sum, part) => sum + part.timestampsMs.length, 0);
}
