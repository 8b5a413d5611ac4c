import {
  AvxError,
  compareLabels,
  type Exemplar,
  type LabelledSeries,
  type Labels,
  type Matcher,
  type MetricMetadata,
  type SampleColumns,
  type TimeRange,
} from "@avx/model";
import type { SampleChanges, SelectionEstimate } from "@avx/promql";
import { type AcceptanceOptions, acceptanceWindow } from "../head/acceptance.ts";
import { ExemplarRing } from "../head/exemplar-ring.ts";
import { Head } from "../head/head.ts";
import type { HeadSeries } from "../head/head-series.ts";
import { MetadataBook } from "../head/metadata-book.ts";
import { RecentRuns } from "../head/recent-runs.ts";
import { BLOCK_MS } from "../head/sample-block.ts";
import type { ServiceArrivals } from "../head/service-arrivals.ts";
import type { AppendResult, HeadStats, MetricBatch, MetricStore, SeriesLimits } from "../store.ts";
import type { WalFileSystem } from "../wal/wal-file-system.ts";
import { abortable } from "./abortable.ts";
import { BlockCutter } from "./chunks/block-cutter.ts";
import type { BlockStats, ChunkStore } from "./chunks/chunk-store.ts";
import { JoinedRuns } from "./chunks/joined-runs.ts";
import { continued } from "./continued.ts";
import { deleteSeries } from "./deletion/delete-series.ts";
import type { EmbeddedLimits } from "./embedded-limits.ts";
import { LabelAnswers } from "./label-answers.ts";
import { expiredPart, ROLLUP_REMARK, type RollupReader } from "./rollups/rollup-reader.ts";
import { MetricLog } from "./sample-log/metric-log.ts";
import { Relief } from "./sample-log/relief.ts";
import { EXEMPLAR_BLOCK, METADATA_BLOCK, SegmentUsage } from "./sample-log/segment-usage.ts";

/** Beyond, deleted samples are cleaned away at once: each range costs about 100 bytes of memory. */
const MAX_DELETED_RANGES = 200_000;

/** What the metric store is made of. */
export interface EmbeddedMetricsOptions extends AcceptanceOptions {
  readonly walDir: string;
  readonly fileSystem: WalFileSystem;
  readonly limits: EmbeddedLimits;
  readonly chunks: ChunkStore;
  /** Answers for times older than the retention; without it nothing does. */
  readonly rollups?: RollupReader;
  readonly log: (line: string) => void;
}

/** Metrics: log and head for what is recent, the engine's chunks for what is older. */
export class EmbeddedMetrics implements MetricStore {
  private readonly options: EmbeddedMetricsOptions;
  readonly head: Head;
  private readonly book = new MetadataBook();
  private readonly ring: ExemplarRing;
  private readonly joined: JoinedRuns;
  private readonly labels: LabelAnswers;
  private readonly recent = new RecentRuns();
  private readonly usage = new SegmentUsage();
  private blocks = new Map<number, BlockStats>();
  private pendingMetadata: MetricMetadata[] = [];
  // Set by `open`, the only way to an instance.
  private metricLog!: MetricLog;
  private cutter!: BlockCutter;
  private relief!: Relief;

  private constructor(options: EmbeddedMetricsOptions) {
    this.options = options;
    this.head = new Head(options.limits);
    this.joined = new JoinedRuns(options.chunks);
    this.labels = new LabelAnswers({ ...options, head: this.head });
    this.ring = new ExemplarRing(options.limits.maxExemplars);
  }

  /** Loads the series of the engine, then replays the log on top. */
  static async open(options: EmbeddedMetricsOptions): Promise<EmbeddedMetrics> {
    const metrics = new EmbeddedMetrics(options);
    const { head, book, ring, usage } = metrics;
    const stored = await options.chunks.load(head.index);
    book.add(stored.metadata);
    ring.add(stored.exemplars.exemplars);
    metrics.blocks = new Map(stored.blocks);
    metrics.metricLog = await MetricLog.open({
      dir: options.walDir,
      fileSystem: options.fileSystem,
      log: options.log,
      ...{ head, book, ring, usage, cuts: stored.cuts },
      exemplarPosition: stored.exemplars.position,
      onRestoredMetadata: (metadata) => metrics.pendingMetadata.push(...metadata),
    });
    metrics.cutter = new BlockCutter({
      ...{ head, usage, blocks: metrics.blocks, chunks: options.chunks, nowMs: options.nowMs },
      lastPosition: () => metrics.metricLog.lastPosition,
    });
    const moveToEngine = (blocks: readonly number[]) => metrics.moveToEngine(blocks);
    metrics.relief = new Relief({ ...options, head, metricLog: metrics.metricLog, moveToEngine });
    return metrics;
  }

  async append(batch: MetricBatch): Promise<AppendResult> {
    const { limits } = this.options;
    const { sampleCount, sampleBytes } = this.head;
    if (sampleCount >= limits.hardHeadSamples || sampleBytes >= limits.hardHeadBytes) {
      throw new AvxError("overloaded", { what: "the memory for samples", retryAfterSeconds: 5 });
    }
    const { taken, ...result } = this.head.admit(batch, acceptanceWindow(this.options));
    const metadata = this.book.add(batch.metadata);
    this.pendingMetadata.push(...metadata);
    if (result.accepted > 0 || metadata.length > 0 || batch.exemplars.length > 0) {
      try {
        await this.metricLog.append({ taken, metadata, exemplars: batch.exemplars });
      } catch (error) {
        this.head.abandon(taken);
        throw error;
      }
    }
    this.relief.check();
    return result;
  }

  /** What is to be done every few seconds: closed blocks to the engine, old log segments away. */
  async maintain(): Promise<void> {
    await this.moveToEngine(this.cutter.dueBlocks());
  }

  /** Moves everything into the engine. */
  async flush(): Promise<void> {
    await this.moveToEngine(this.head.openBlockStarts());
  }

  private async moveToEngine(blocks: readonly number[]): Promise<void> {
    await this.storeMetadata();
    await this.cutter.cut(blocks);
    if (blocks.length > 0) {
      await this.storeExemplars();
      this.metricLog.rotate();
    }
    await this.metricLog.deleteFreeSegments();
  }

  /** So that the log is not needed for them any more. */
  private async storeExemplars(): Promise<void> {
    const position = this.metricLog.lastPosition;
    const exemplars = this.ring.all();
    if (exemplars.length === 0 || !this.usage.isTouched(EXEMPLAR_BLOCK)) return;
    await this.options.chunks.storeExemplars({ exemplars, position });
    this.usage.release(EXEMPLAR_BLOCK, position);
  }

  private async storeMetadata(): Promise<void> {
    const { lastPosition } = this.metricLog;
    const metadata = [...this.pendingMetadata];
    if (metadata.length > 0) await this.options.chunks.addMetadata(metadata);
    const stored = new Set(metadata);
    this.pendingMetadata = this.pendingMetadata.filter((entry) => !stored.has(entry));
    this.usage.release(METADATA_BLOCK, lastPosition);
  }

  /** Deletes the samples of the range that were taken before this call. */
  async deleteSeries(selectors: readonly (readonly Matcher[])[], range: TimeRange): Promise<void> {
    const { chunks, rollups } = this.options;
    const moveToEngine = (blocks: readonly number[]) => this.moveToEngine(blocks);
    const parts = { head: this.head, cutter: this.cutter, chunks, rollups, moveToEngine };
    await deleteSeries({ selectors, range }, parts);
    if (chunks.deletedRanges > MAX_DELETED_RANGES) await this.cleanTombstones();
  }

  /** Runs `work` while nothing moves into the engine. */
  alone(work: () => Promise<void>): Promise<void> {
    return this.cutter.alone(work);
  }

  /** Gives the space of deleted samples back. */
  cleanTombstones(): Promise<void> {
    return this.cutter.alone(() => this.options.chunks.cleanTombstones());
  }

  /** Drops whole days older than the retention. */
  async expire(nowMs: number): Promise<void> {
    const { retentionMs, chunks } = this.options;
    if (retentionMs === "off") return;
    const beforeMs = nowMs - retentionMs;
    await chunks.dropBefore(beforeMs);
    this.head.dropBefore(beforeMs);
    for (const startMs of this.blocks.keys()) {
      if (startMs + BLOCK_MS <= beforeMs) this.blocks.delete(startMs);
    }
  }

  /** Waits for the log. Samples that are not in the engine come back from the log at the next start. */
  async close(): Promise<void> {
    await this.metricLog.close();
  }

  async select(
    matchers: readonly Matcher[],
    range: TimeRange,
    signal: AbortSignal,
  ): Promise<readonly LabelledSeries[]> {
    signal.throwIfAborted();
    const matched = this.head.matching(matchers, range);
    const expired = expiredPart(range, this.options);
    const older = expired && this.options.rollups?.select(matchers, expired, signal);
    older?.catch(() => {}); // Else it would be nobody's when the newer part fails first.
    const isStored = this.storedBlocks(range).length > 0;
    const inEngine = isStored ? matched.filter((series) => series.isStoredIn(range)) : [];
    const joined = abortable(this.joined.read(inEngine, range, signal), signal);
    const found: LabelledSeries[] = [];
    const add = ({ labels }: HeadSeries, columns: SampleColumns | undefined): void => {
      if (columns) found.push({ labels, ...columns });
    };
    const elsewhere = new Set(inEngine);
    const inHead = isStored ? matched.filter((series) => !elsewhere.has(series)) : matched;
    const read = this.recent.readerOf(inHead);
    for (const series of inHead) add(series, read(series, range));
    for (const [series, columns] of await joined) add(series, columns);
    const recent = found.sort((a, b) => compareLabels(a.labels, b.labels));
    return older ? continued(await abortable(older, signal), recent) : recent;
  }

  private storedBlocks({ startMs, endMs }: TimeRange): BlockStats[] {
    return [...this.blocks]
      .filter(([blockMs]) => blockMs <= endMs && blockMs + BLOCK_MS > startMs)
      .map(([, stats]) => stats);
  }

  async estimate(matchers: readonly Matcher[], range: TimeRange): Promise<SelectionEstimate> {
    const { series, samples } = this.head.estimate(matchers, range);
    const stored = this.storedBlocks(range).map((block) =>
      Math.min(block.samples, block.largestChunk * block.rowsPerSeries * series),
    );
    const ofMatched = stored.reduce((sum, count) => sum + count, 0);
    const expired = expiredPart(range, this.options);
    const older = expired && (await this.options.rollups?.estimate(matchers, expired));
    return {
      series: series + (older?.series ?? 0),
      samples: samples + ofMatched + (older?.samples ?? 0),
      ...(older?.samples ? { remark: ROLLUP_REMARK } : {}),
    };
  }

  async series(
    selectors: readonly (readonly Matcher[])[],
    range: TimeRange,
  ): Promise<readonly Labels[]> {
    return this.labels.series({ selectors, range });
  }

  async labelNames(
    selectors: readonly (readonly Matcher[])[],
    range: TimeRange,
  ): Promise<readonly string[]> {
    return this.labels.names({ selectors, range });
  }

  async labelValues(
    name: string,
    selectors: readonly (readonly Matcher[])[],
    range: TimeRange,
  ): Promise<readonly string[]> {
    return this.labels.values(name, { selectors, range });
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
    const { maxSeries, maxServiceSeries } = this.options.limits;
    return { total: maxSeries, perService: maxServiceSeries };
  }

  headStats(): HeadStats {
    return this.head.stats();
  }

  changesSince(mark: number): SampleChanges {
    return this.head.changes.since(mark);
  }
}
