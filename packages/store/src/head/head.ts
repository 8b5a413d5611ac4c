import {
  type Labels,
  labelValue,
  type Matcher,
  type PackedSeries,
  type SampleColumns,
  serviceLabel,
  serviceOf,
  type TimeRange,
} from "@avx/model";
import type { SelectionEstimate } from "@avx/promql";
import type { HeadStats, MetricBatch } from "../store.ts";
import type { AcceptanceWindow } from "./acceptance.ts";
import {
  type Admission,
  AdmissionBuilder,
  type AdmittedSamples,
  type SampleRun,
} from "./admission.ts";
import { ChangeLog } from "./change-log.ts";
import type { HeadSeries } from "./head-series.ts";
import { LabelIndex } from "./label-index.ts";
import { BLOCK_MS } from "./sample-block.ts";
import { ArrivalBook } from "./service-arrivals.ts";
import { type SteadyBatch, SteadyList, steadyBatch } from "./steady-batch.ts";

/** Bounds of the head. */
export interface HeadLimits {
  /** Series that may exist at once; samples of new ones beyond are rejected, known ones flow on. */
  readonly maxSeries: number;
  /** The same of one service, so that it cannot take the room of all; no limit when absent. */
  readonly maxServiceSeries?: number;
}

/** The recent samples of all series, in memory, visible to the next query. */
export class Head {
  readonly index = new LabelIndex();
  readonly changes = new ChangeLog();
  readonly arrivals = new ArrivalBook();
  private readonly limits: HeadLimits;
  private samples = 0;
  /** By the list of series that the index answers. */
  private readonly steadyLists = new WeakMap<readonly HeadSeries[], SteadyList>();
  /** Those with batches that are not written yet. */
  private readonly awaited = new Set<SteadyList>();

  constructor(limits: HeadLimits) {
    this.limits = limits;
  }

  get sampleCount(): number {
    return this.samples;
  }

  /** What they take in memory, histograms left out. */
  get sampleBytes(): number {
    return this.index.sampleBytes;
  }

  /**
   * Decides what of a batch is taken and registers its series; no sample is written yet. What is
   * taken must be given to `write` or to `abandon` afterwards.
   */
  admit({ series, packed }: MetricBatch, window: AcceptanceWindow): Admission {
    const builder = new AdmissionBuilder(window);
    for (const columns of series) {
      const to = columns.timestampsMs.length;
      const known = this.seriesFor(columns.labels);
      if (known) builder.add({ series: known, columns, from: 0, to });
      else this.refuse(builder, columns.labels, to);
    }
    const steady = packed && this.steadyBatch(packed, window);
    if (steady) {
      builder.addSteady(steady);
      this.awaited.add(steady.list);
    } else if (packed) this.admitPacked(builder, packed);
    return builder.result();
  }

  private steadyBatch(packed: PackedSeries, window: AcceptanceWindow): SteadyBatch | undefined {
    const series = this.index.findList(packed.labels);
    if (series === undefined) return undefined;
    let list = this.steadyLists.get(series);
    if (list === undefined) {
      list = new SteadyList(series);
      this.steadyLists.set(series, list);
    }
    return steadyBatch(list, packed, window);
  }

  private admitPacked(builder: AdmissionBuilder, packed: PackedSeries): void {
    const { labels, ends } = packed;
    const known = this.index.findList(labels);
    const found: HeadSeries[] = [];
    let from = 0;
    for (let i = 0; i < labels.length; i++) {
      const to = ends[i]!;
      const series = known ? known[i] : this.seriesFor(labels[i]!);
      if (series) builder.add({ series, columns: packed, from, to });
      else this.refuse(builder, labels[i]!, to - from);
      if (!known && series) found.push(series);
      from = to;
    }
    if (found.length === labels.length) this.index.rememberList(labels, found);
  }

  /** The series of a label set; undefined when it would be one too many. */
  private seriesFor(labels: Labels): HeadSeries | undefined {
    const known = this.index.find(labels);
    if (known || this.index.size >= this.limits.maxSeries || this.isServiceFull(labels)) {
      return known;
    }
    return this.index.add(labels);
  }

  private isServiceFull(labels: Labels): boolean {
    const name = serviceLabel(labels);
    const service = labelValue(labels, name);
    const { maxServiceSeries = Infinity } = this.limits;
    return service !== "" && this.index.countWith(name, service) >= maxServiceSeries;
  }

  private refuse(builder: AdmissionBuilder, labels: Labels, samples: number): void {
    this.arrivals.note(labels, "refused", samples);
    const { maxSeries, maxServiceSeries } = this.limits;
    const service = serviceOf(labels);
    builder.reject(
      samples,
      this.index.size >= maxSeries
        ? `the limit of ${maxSeries} series is reached`
        : `the service ${JSON.stringify(service)} has reached the limit of ${maxServiceSeries} series`,
    );
  }

  /** Gives admitted samples up: they could not be made durable. */
  abandon({ runs, steady }: AdmittedSamples): void {
    for (const { series } of runs) series.runsUnderWay--;
    if (steady) this.release(steady.list);
  }

  /** Writes admitted samples. A timestamp that exists is overwritten: the last write wins. */
  write({ runs, steady }: AdmittedSamples): void {
    let earliestMs = steady?.earliestMs ?? Infinity;
    for (const { series, columns, from, to } of runs) {
      const firstMs = columns.timestampsMs[from]!;
      this.writeRun(series, columns, { from, to });
      series.runsUnderWay--;
      if (firstMs < earliestMs) earliestMs = firstMs;
    }
    if (steady) this.writeSteady(steady);
    if (earliestMs < Infinity) this.changes.note(earliestMs);
  }

  private writeSteady({ list, columns }: SteadyBatch): void {
    const { series } = list;
    const { ends, timestampsMs } = columns;
    let added = 0;
    let from = 0;
    for (let i = 0; i < series.length; i++) {
      const one = series[i]!;
      const to = ends[i]!;
      // Nothing that is later than all samples of its series can be late in the head.
      if (timestampsMs[from]! > one.newestMs) added += one.write(columns, from, to);
      else this.writeRun(one, columns, { from, to });
      from = to;
    }
    this.samples += added;
    this.release(list);
  }

  private writeRun(
    series: HeadSeries,
    columns: SampleColumns,
    { from, to }: { readonly from: number; readonly to: number },
  ): void {
    const isLate = columns.timestampsMs[from]! <= series.lastOpenMs;
    const added = series.write(columns, from, to);
    this.samples += added;
    if (!isLate) return;
    this.arrivals.note(series.labels, "late", added);
    this.arrivals.note(series.labels, "duplicates", to - from - added);
  }

  private release(list: SteadyList): void {
    list.batchesUnderWay--;
    if (list.batchesUnderWay === 0) this.awaited.delete(list);
  }

  /** Writes samples that come back from the log. */
  restore({ series, columns, from, to }: SampleRun): void {
    this.samples += series.write(columns, from, to);
  }

  /** Matching series that have a sample within the range, here or (by their bounds) in the engine. */
  matching(matchers: readonly Matcher[], range: TimeRange): HeadSeries[] {
    return this.index.select(matchers).filter((series) => series.overlaps(range));
  }

  /** An upper bound: whole blocks are counted. */
  estimate(matchers: readonly Matcher[], range: TimeRange): SelectionEstimate {
    const matched = this.matching(matchers, range);
    let samples = 0;
    for (const series of matched) {
      for (const blocks of [series.open, series.frozen]) {
        for (const block of blocks) {
          const isInside = block.startMs <= range.endMs && block.startMs + BLOCK_MS > range.startMs;
          if (isInside) samples += block.length;
        }
      }
    }
    return { series: matched.length, samples };
  }

  /** Goes through all series: for a page that somebody opens, not for every second. */
  stats(): HeadStats {
    let blocks = 0;
    let startMs = Infinity;
    let endMs = -Infinity;
    for (const series of this.index.all()) {
      for (const block of [...series.frozen, ...series.open]) {
        blocks++;
        startMs = Math.min(startMs, block.firstMs);
        endMs = Math.max(endMs, block.lastMs);
      }
    }
    const range = endMs >= startMs ? { startMs, endMs } : undefined;
    return { series: this.index.size, blocks, range };
  }

  /** Starts of all open blocks, ascending. */
  openBlockStarts(): number[] {
    const starts = new Set<number>();
    for (const series of this.index.all())
      for (const block of series.open) starts.add(block.startMs);
    return [...starts].sort((a, b) => a - b);
  }

  /** Drops open blocks that end at or before `beforeMs` and series left without any sample. */
  dropBefore(beforeMs: number): void {
    this.changes.note(-Infinity);
    const gone = new Set<HeadSeries>();
    const awaited = new Set<HeadSeries>();
    for (const { series } of this.awaited) for (const one of series) awaited.add(one);
    for (const series of this.index.all()) {
      this.samples -= series.dropBefore(beforeMs);
      const isAwaited = series.runsUnderWay > 0 || awaited.has(series);
      const isEmpty = !isAwaited && series.sampleCount === 0;
      if (isEmpty && series.newestMs < beforeMs) gone.add(series);
    }
    if (gone.size > 0) this.index.remove(gone);
  }

  /** Tells the head that frozen samples left for the engine. */
  forgotten(samples: number): void {
    this.samples -= samples;
  }
}
