import {
  compareLabels,
  type Exemplar,
  type LabelledSeries,
  type Labels,
  type Matcher,
  type MetricMetadata,
  type SampleColumns,
  type TimeRange,
} from "@avx/model";
import { type SampleChanges, type SelectionEstimate, withStoredHints } from "@avx/promql";
import { type AcceptanceOptions, acceptanceWindow } from "../head/acceptance.ts";
import { columnsOutside } from "../head/columns-outside.ts";
import { ExemplarRing } from "../head/exemplar-ring.ts";
import { Head } from "../head/head.ts";
import { browseLabelNames, browseLabelValues, browseSeries } from "../head/label-browser.ts";
import { MetadataBook } from "../head/metadata-book.ts";
import { BLOCK_MS } from "../head/sample-block.ts";
import type { ServiceArrivals } from "../head/service-arrivals.ts";
import type { AppendResult, HeadStats, MetricBatch, MetricStore, SeriesLimits } from "../store.ts";
import { Expiry } from "./expiry.ts";
import type { MemoryLimits } from "./memory-limits.ts";

/** All times that there are. */
const EVER: TimeRange = { startMs: -8.64e15, endMs: 8.64e15 };

/** Samples in memory only: gone with the process. */
export class MemoryMetrics implements MetricStore {
  private readonly acceptance: AcceptanceOptions;
  private readonly limits: MemoryLimits;
  readonly head: Head;
  private readonly book = new MetadataBook();
  private readonly ring: ExemplarRing;
  private readonly expiry: Expiry;

  constructor(acceptance: AcceptanceOptions, limits: MemoryLimits) {
    this.acceptance = acceptance;
    this.limits = limits;
    this.head = new Head(limits);
    this.expiry = new Expiry(acceptance);
    this.ring = new ExemplarRing(limits.maxExemplars);
  }

  async append(batch: MetricBatch): Promise<AppendResult> {
    this.expiry.whenDue((beforeMs) => this.head.dropBefore(beforeMs));
    this.book.add(batch.metadata);
    this.ring.add(batch.exemplars);
    const { taken, ...result } = this.head.admit(batch, acceptanceWindow(this.acceptance));
    if (!this.makeRoom(result.accepted)) {
      this.head.abandon(taken);
      const rejected = result.accepted + result.rejected;
      return { accepted: 0, rejected, reason: `the limit of ${this.limits.maxSamples} samples` };
    }
    this.head.write(taken);
    return result;
  }

  /** Drops the oldest blocks until `samples` fit; the newest block is never dropped for them. */
  private makeRoom(samples: number): boolean {
    if (this.head.sampleCount + samples <= this.limits.maxSamples) return true;
    const starts = this.head.openBlockStarts();
    for (const startMs of starts.slice(0, -1)) {
      this.head.dropBefore(startMs + BLOCK_MS);
      if (this.head.sampleCount + samples <= this.limits.maxSamples) return true;
    }
    return false;
  }

  /** Deletes the samples of the range; the series are made anew of what is left of them. */
  async deleteSeries(selectors: readonly (readonly Matcher[])[], range: TimeRange): Promise<void> {
    const found = new Set(selectors.flatMap((matchers) => this.head.matching(matchers, range)));
    const left: LabelledSeries[] = [];
    for (const series of found) {
      const columns = series.read(EVER);
      const outside = columns && columnsOutside(columns, range);
      if (outside) left.push({ labels: series.labels, ...withHints(outside) });
      this.head.forgotten(series.dropBefore(Infinity));
    }
    this.head.index.remove(found);
    // Marks all answers as outdated.
    this.head.dropBefore(Number.MIN_SAFE_INTEGER);
    const batch = { series: left, metadata: [], exemplars: [] };
    this.head.write(this.head.admit(batch, { oldestMs: EVER.startMs, newestMs: EVER.endMs }).taken);
  }

  async select(
    matchers: readonly Matcher[],
    range: TimeRange,
    signal: AbortSignal,
  ): Promise<readonly LabelledSeries[]> {
    signal.throwIfAborted();
    const found: LabelledSeries[] = [];
    for (const series of this.head.matching(matchers, range)) {
      const columns = series.read(range);
      if (columns) found.push({ labels: series.labels, ...columns });
    }
    return found.sort((a, b) => compareLabels(a.labels, b.labels));
  }

  async estimate(matchers: readonly Matcher[], range: TimeRange): Promise<SelectionEstimate> {
    return this.head.estimate(matchers, range);
  }

  async series(
    selectors: readonly (readonly Matcher[])[],
    range: TimeRange,
  ): Promise<readonly Labels[]> {
    return browseSeries(this.head, { selectors, range });
  }

  async labelNames(
    selectors: readonly (readonly Matcher[])[],
    range: TimeRange,
  ): Promise<readonly string[]> {
    return browseLabelNames(this.head, { selectors, range });
  }

  async labelValues(
    name: string,
    selectors: readonly (readonly Matcher[])[],
    range: TimeRange,
  ): Promise<readonly string[]> {
    return browseLabelValues(this.head, name, { selectors, range });
  }

  async metadata(): Promise<ReadonlyMap<string, readonly MetricMetadata[]>> {
    return this.book.all();
  }

  async exemplars(
    selectors: readonly (readonly Matcher[])[],
    range: TimeRange,
  ): Promise<readonly Exemplar[]> {
    return this.ring.query(selectors, range);
  }

  arrivals(): readonly ServiceArrivals[] {
    return this.head.arrivals.all();
  }

  get seriesLimits(): SeriesLimits {
    const { maxSeries, maxServiceSeries } = this.limits;
    return { total: maxSeries, perService: maxServiceSeries };
  }

  headStats(): HeadStats {
    return this.head.stats();
  }

  changesSince(mark: number): SampleChanges {
    return this.head.changes.since(mark);
  }
}

/** What a histogram went on from may be among the deleted. */
function withHints(columns: SampleColumns): SampleColumns {
  const { histograms } = columns;
  return histograms ? { ...columns, histograms: withStoredHints(histograms) } : columns;
}
