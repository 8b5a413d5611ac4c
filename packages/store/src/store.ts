import type {
  Exemplar,
  LabelledSeries,
  Labels,
  LogColumns,
  LogRecord,
  Matcher,
  MetricDocument,
  MetricMetadata,
  PackedSeries,
  Span,
  SpanColumns,
  TimeRange,
} from "@avx/model";
import type { SampleChanges, SeriesReader } from "@avx/promql";
import type { ServiceArrivals } from "./head/service-arrivals.ts";

/** What one ingest request brings. Series may repeat; samples may be late or duplicates. */
export interface MetricBatch {
  readonly series: readonly LabelledSeries[];
  /** Further series, for decoders that fill columns. */
  readonly packed?: PackedSeries;
  readonly metadata: readonly MetricMetadata[];
  readonly exemplars: readonly Exemplar[];
}

/** Samples the store refused, with the reason of the first ones (partial success). */
export interface AppendResult {
  readonly accepted: number;
  readonly rejected: number;
  /** "" when nothing was rejected. */
  readonly reason: string;
}

/** What lies in memory of the metrics; counted when asked. */
export interface HeadStats {
  readonly series: number;
  readonly blocks: number;
  /** Bounds of the samples in memory, Unix ms; `undefined` when there are none. */
  readonly range: TimeRange | undefined;
}

/** How many series may exist; samples of further ones are refused while known ones flow on. */
export interface SeriesLimits {
  readonly total: number;
  readonly perService: number;
}

/** Metrics: what PromQL reads, and the questions of the label browser. */
export interface MetricStore extends SeriesReader {
  /** Resolves when the samples are as durable as the adapter makes them and visible to `select`. */
  append(batch: MetricBatch): Promise<AppendResult>;
  /** Label sets of series that match any of the selectors (all, when none is given), sorted. */
  series(selectors: readonly (readonly Matcher[])[], range: TimeRange): Promise<readonly Labels[]>;
  labelNames(
    selectors: readonly (readonly Matcher[])[],
    range: TimeRange,
  ): Promise<readonly string[]>;
  labelValues(
    name: string,
    selectors: readonly (readonly Matcher[])[],
    range: TimeRange,
  ): Promise<readonly string[]>;
  metadata(): Promise<ReadonlyMap<string, readonly MetricMetadata[]>>;
  exemplars(
    selectors: readonly (readonly Matcher[])[],
    range: TimeRange,
  ): Promise<readonly Exemplar[]>;
  /** Size and time span of what is in memory; walks over all series. */
  headStats(): HeadStats;
  /** What was wrong with samples that came, by service, since the start. */
  arrivals(): readonly ServiceArrivals[];
  readonly seriesLimits: SeriesLimits;
  /** Which of the samples that `select` can see have changed since `mark` was the newest. */
  changesSince(mark: number): SampleChanges;
}

/** Which traces to list: those with a span that meets all conditions. */
export interface TraceSearch {
  /** "" = any. */
  readonly service: string;
  readonly operation: string;
  readonly range: TimeRange;
  readonly minDurationMs: number;
  readonly onlyErrors: boolean;
  readonly limit: number;
}

/** One row of the list of recent traces. */
export interface TraceSummary {
  readonly traceId: string;
  readonly rootService: string;
  readonly rootName: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly spanCount: number;
  readonly errorCount: number;
  readonly services: readonly string[];
}

/** The spans of one request: as columns, those that do not fit into them as objects, and as sent. */
export interface SpanColumnBatch {
  readonly columns: SpanColumns;
  readonly others: readonly Span[];
  readonly encoded: Uint8Array;
}

/** Traces: spans in, lists and whole traces out. A question is ended when its signal fires. */
export interface TraceStore {
  /** `encoded`: the same spans as they were sent, which an adapter may keep instead of its own form. */
  append(spans: readonly Span[], encoded?: Uint8Array): Promise<void>;
  /** As `append`, where the adapter can: the columns are read before this returns. */
  appendColumns?(batch: SpanColumnBatch): Promise<void>;
  /** Newest first. */
  search(search: TraceSearch, signal?: AbortSignal): Promise<readonly TraceSummary[]>;
  /** All spans of the trace, by start time; empty when unknown. */
  trace(traceId: string, signal?: AbortSignal): Promise<readonly Span[]>;
  services(range: TimeRange, signal?: AbortSignal): Promise<readonly string[]>;
}

/** Which log records to list. */
export interface LogSearch {
  readonly service: string;
  readonly traceId: string;
  /** Case-sensitive substring of the body; "" = any. */
  readonly text: string;
  readonly range: TimeRange;
  readonly limit: number;
}

/** The log records of one request, as with spans. */
export interface LogColumnBatch {
  readonly columns: LogColumns;
  readonly others: readonly LogRecord[];
  readonly encoded: Uint8Array;
}

/** Log records in and out. A question is ended when its signal fires. */
export interface LogStore {
  /** `encoded`: the same records as they were sent, as with spans. */
  append(records: readonly LogRecord[], encoded?: Uint8Array): Promise<void>;
  /** As `append`, as with spans. */
  appendColumns?(batch: LogColumnBatch): Promise<void>;
  /** Newest first. */
  search(search: LogSearch, signal?: AbortSignal): Promise<readonly LogRecord[]>;
}

/** Which documents to return. */
export interface DocumentSearch {
  /** "" = any. */
  readonly service: string;
  readonly range: TimeRange;
  readonly limit: number;
}

/** The document port: JSON documents partitioned by service. A query is ended when its signal fires. */
export interface DocumentStore {
  insertBatch(documents: readonly MetricDocument[]): Promise<void>;
  /** Oldest first. */
  query(search: DocumentSearch, signal?: AbortSignal): Promise<readonly MetricDocument[]>;
}

/** Something that happened: an anomaly, a deployment, a note. Its content is the caller's. */
export interface StoredEvent {
  readonly id: string;
  readonly kind: string;
  /** "" = of no one service. */
  readonly service: string;
  /** When it began; stays the same when an event is written anew. */
  readonly timestampMs: number;
  /** JSON text. */
  readonly body: string;
}

/** Which events to return. */
export interface EventSearch {
  /** "" = any. */
  readonly kind: string;
  /** "" = any. */
  readonly service: string;
  readonly range: TimeRange;
  readonly limit: number;
}

/** Events: few and small, and each may change after it was written. Searches end as others do. */
export interface EventStore {
  /** An event with a known id replaces the earlier one. */
  put(events: readonly StoredEvent[]): Promise<void>;
  /** Newest first. */
  search(search: EventSearch, signal?: AbortSignal): Promise<readonly StoredEvent[]>;
}

/** State of the engine below, for `/-/ready`, `/metrics` and the log. */
export interface StoreHealth {
  readonly ready: boolean;
  /** "" when ready. */
  readonly reason: string;
  readonly engineRestarts: number;
  /** The engine's process was ended because nobody needed it; the next that does starts it. */
  readonly engineParked: boolean;
  readonly engineWakes: number;
  readonly headSeries: number;
  readonly headSamples: number;
}

/** What is kept apart on disk, each with a retention. */
export type StoredSignal = "metrics" | "rollups" | "traces" | "logs" | "documents" | "events";

/** What one signal takes of the disk. */
export interface SignalUse {
  readonly signal: StoredSignal;
  /** Of its tables; what waits in the write-ahead log comes on top. */
  readonly bytes: number;
  readonly logBytes: number;
  /** Days that have data, and the start of the first of them, Unix ms. */
  readonly days: number;
  readonly oldestMs: number | undefined;
  readonly retentionMs: number | "off";
  /** Of the last whole days, or the first day at its rate so far; `undefined` without any data. */
  readonly bytesPerDay: number | undefined;
  /** What `bytes` will be when the whole retention is kept; `undefined` when it is not known. */
  readonly bytesAtFullRetention: number | undefined;
}

/** What only an operator asks for. */
export interface StoreAdmin {
  /** Empty where nothing is kept on a disk of our own. */
  storageUse(): Promise<readonly SignalUse[]>;
  /**
   * Deletes the samples of series that match any of the selectors within the inclusive range, durably:
   * those that were taken before the call. Later samples stay, whatever their time.
   */
  deleteSeries(selectors: readonly (readonly Matcher[])[], range: TimeRange): Promise<void>;
  /** Gives the disk space of deleted samples back, which else happens within an hour or so. */
  cleanTombstones(): Promise<void>;
  /**
   * Makes a copy of everything that was acknowledged before the call, below `snapshots` in the data
   * directory, and resolves with its name. `skipHead` leaves out samples that are in memory only.
   * Rejects with `bad_request` where the adapter makes none.
   */
  snapshot(options: { readonly skipHead: boolean }): Promise<string>;
}

/** All that the server keeps. Adapters: `memory`, `embedded`; later `cluster`. */
export interface Store {
  readonly metrics: MetricStore;
  readonly traces: TraceStore;
  readonly logs: LogStore;
  readonly documents: DocumentStore;
  readonly events: EventStore;
  readonly admin: StoreAdmin;
  health(): StoreHealth;
  /** Flushes what is pending and releases files and processes. Idempotent. */
  close(): Promise<void>;
}
