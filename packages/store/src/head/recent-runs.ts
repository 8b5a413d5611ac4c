import type { SampleColumns, TimeRange } from "@avx/model";
import { columnsWithin } from "./columns-within.ts";
import type { HeadSeries } from "./head-series.ts";

/** 32 MiB at 16 bytes a sample: the last hour of 8,700 series at 15 s. */
const DEFAULT_MAX_SAMPLES = 2 * 1024 * 1024;
const MAX_SHARE_OF_ONE_READ = 0.25;
/** Room for new samples: a run that is read every few seconds is seldom copied. */
const GROWTH = 1.25;
const LEAST_ROOM = 16;

type Found = SampleColumns | undefined;

/** The samples of a series from `fromMs` on, in columns with room behind them. */
interface RecentRun {
  readonly fromMs: number;
  /** Of the series: says that samples came only behind the last one. */
  readonly layout: number;
  readonly timestampsMs: Float64Array;
  readonly values: Float64Array;
  readonly length: number;
}

/**
 * What queries read of the head, kept as columns that new samples are appended to. The panels of a
 * page ask for the same series one after the other and again every few seconds: then only what is new
 * is copied. Answers are views that never change; samples that come late begin a new run.
 */
export class RecentRuns {
  readonly #maxSamples: number;
  /** In the order of use, the longest unused first. */
  readonly #runs = new Map<HeadSeries, RecentRun>();
  #samples = 0;

  constructor(maxSamples = DEFAULT_MAX_SAMPLES) {
    this.#maxSamples = maxSamples;
  }

  /**
   * What reads these series one by one. Very many samples are read as they are: they would only drive
   * out what pages ask for again and again.
   */
  readerOf(all: readonly HeadSeries[]): (series: HeadSeries, range: TimeRange) => Found {
    let samples = 0;
    for (const series of all) samples += series.sampleCount;
    if (samples > this.#maxSamples * MAX_SHARE_OF_ONE_READ) {
      return (series, range) => series.read(range);
    }
    return (series, range) => this.#read(series, range);
  }

  #read(series: HeadSeries, range: TimeRange): Found {
    // They are rare, and not for appending to.
    if (series.hasExtras) return series.read(range);
    const known = this.#runs.get(series);
    const isUsable = known?.layout === series.layout && known.fromMs <= range.startMs;
    const run = isUsable ? grown(known, series) : firstRun(series, range.startMs);
    if (known) this.#drop(series, known);
    if (run === undefined) return undefined;
    this.#runs.set(series, run);
    this.#samples += run.values.length;
    this.#shrink();
    const { timestampsMs, values, length } = run;
    const all = {
      timestampsMs: timestampsMs.subarray(0, length),
      values: values.subarray(0, length),
    };
    return columnsWithin(all, range);
  }

  #drop(series: HeadSeries, run: RecentRun): void {
    this.#runs.delete(series);
    this.#samples -= run.values.length;
  }

  #shrink(): void {
    for (const [series, run] of this.#runs) {
      if (this.#samples <= this.#maxSamples) break;
      this.#drop(series, run);
    }
  }
}

function firstRun(series: HeadSeries, fromMs: number): RecentRun | undefined {
  const columns = series.read({ startMs: fromMs, endMs: Infinity });
  if (!columns) return undefined;
  const { length } = columns.values;
  return withRoom({ ...columns, fromMs, layout: series.layout, length }, 0);
}

function grown(run: RecentRun, series: HeadSeries): RecentRun {
  const lastMs = run.timestampsMs[run.length - 1]!;
  if (series.newestMs <= lastMs) return run;
  const fresh = series.read({ startMs: lastMs + 0.5, endMs: Infinity });
  if (!fresh) return run;
  const more = fresh.values.length;
  const target = run.length + more <= run.values.length ? run : withRoom(run, more);
  target.timestampsMs.set(fresh.timestampsMs, run.length);
  target.values.set(fresh.values, run.length);
  return { ...target, length: run.length + more };
}

function withRoom(run: RecentRun, more: number): RecentRun {
  const capacity = Math.ceil((run.length + more) * GROWTH) + LEAST_ROOM;
  const timestampsMs = new Float64Array(capacity);
  const values = new Float64Array(capacity);
  timestampsMs.set(run.timestampsMs.subarray(0, run.length));
  values.set(run.values.subarray(0, run.length));
  return { ...run, timestampsMs, values };
}
