import type { MetricStore, Store } from "@avx/store";
import type { DeltaAccumulator, LabelCache, PointLabelCache } from "@avx/wire";
import type { OtlpNames } from "../scrape/parse-otlp-names.ts";
import type { BulkSplitter } from "./bulk/bulk-splitter.ts";

/** What a door gets, whatever server it is mounted on. Headers have lower-case names. */
export interface IngestRequest {
  /** "" when absent. */
  readonly contentType: string;
  /** "" when absent. */
  readonly contentEncoding: string;
  /** As sent: not inflated. */
  readonly body: Uint8Array;
  /** Set where the transport has inflated the body, within MAX_INFLATED_BYTES: gRPC. */
  readonly isInflated?: true;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** What a door answers. No content type with an empty body. */
export interface IngestReply {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What a door takes; remote write counts as metrics. */
export type IngestSignal = "metrics" | "traces" | "logs";

/** Counts for the server's own `/metrics`. Items are data points, spans, log records or samples. */
export interface IngestCounters {
  accepted(signal: IngestSignal, items: number): void;
  rejected(signal: IngestSignal, reason: string, items: number): void;
  /** A request that was refused as a whole, with its error code. */
  refused(signal: IngestSignal, code: string): void;
}

/** What the ingest doors need of the rest of the server. */
export interface IngestPorts {
  readonly store: Pick<Store, "traces" | "logs"> & {
    readonly metrics: Pick<MetricStore, "append">;
  };
  readonly nowMs: () => number;
  /** "recent" refuses what is older than the retention or more than 10 min in the future. */
  readonly acceptTimestamps: "recent" | "any";
  readonly retentionMs: number | "off";
  /** Spans and log records have their own; `retentionMs` when absent. */
  readonly traceRetentionMs?: number | "off";
  readonly logRetentionMs?: number | "off";
  /** How OTLP metrics are named now; the usual way when absent. */
  readonly otlpNames?: () => OtlpNames;
  /** One for the life of the server; delta series keep their running totals in it. */
  readonly deltas: DeltaAccumulator;
  /** One for the life of the server; a steady remote write sender's labels are decoded once. */
  readonly labels: LabelCache;
  /** The same for OTLP data points. */
  readonly pointLabels: PointLabelCache;
  readonly counters: IngestCounters;
  /** Reads large OTLP bodies elsewhere, so that they do not hold everything up; here when absent. */
  readonly bulk?: Pick<BulkSplitter, "split">;
  /** Told of faults of our own (answered with 500), for the log. */
  readonly reportFailure: (error: unknown) => void;
}

/** Memory of the running totals of delta series: about 100,000 counters or histograms. */
export const MAX_DELTA_BYTES = 64 * 1024 * 1024;

/**
 * Memory of each of the two caches of label sets. A cache works while its series fit into half of it:
 * 100,000 of usual length (200 bytes). Beyond, each request decodes its labels anew.
 */
export const MAX_LABEL_CACHE_BYTES = 176 * 1024 * 1024;
