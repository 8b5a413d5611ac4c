import { serialize } from "node:v8";
import type { Span, TimeRange } from "@avx/model";
import type { TraceSearch, TraceStore, TraceSummary } from "../store.ts";
import { serviceNameOf } from "../traces/service-name.ts";
import {
  compareSpans,
  nanosToMs,
  spanFacts,
  spanMatches,
  summarizeTrace,
} from "../traces/span-search.ts";
import { batchIdentity, RecentBatches } from "../wal/recent-batches.ts";
import { BoundedList } from "./bounded-list.ts";
import { Expiry, type ExpiryOptions } from "./expiry.ts";

/** Spans in memory only. */
export class MemoryTraces implements TraceStore {
  private readonly spans: BoundedList<Span>;
  private readonly byTrace = new Map<string, Set<Span>>();
  private readonly recent = new RecentBatches();
  private readonly expiry: Expiry;

  constructor(maxSpans: number, expiry: ExpiryOptions) {
    this.expiry = new Expiry(expiry);
    this.spans = new BoundedList(maxSpans);
  }

  async append(spans: readonly Span[]): Promise<void> {
    this.expiry.whenDue((beforeMs) => this.dropBefore(beforeMs));
    const identity = batchIdentity(serialize(spans));
    if (this.recent.has(identity)) return;
    this.recent.add(identity);
    this.addAll(spans);
  }

  /** Adds without asking whether the batch is a repeat. */
  addAll(spans: readonly Span[]): void {
    for (const span of spans) {
      const ofTrace = this.byTrace.get(span.traceId);
      if (ofTrace) ofTrace.add(span);
      else this.byTrace.set(span.traceId, new Set([span]));
    }
    this.forget(this.spans.add(spans));
  }

  private forget(spans: readonly Span[]): void {
    for (const span of spans) {
      const ofTrace = this.byTrace.get(span.traceId);
      ofTrace?.delete(span);
      if (ofTrace?.size === 0) this.byTrace.delete(span.traceId);
    }
  }

  /** Drops spans that started before `beforeMs`. */
  private dropBefore(beforeMs: number): void {
    const isGone = (span: Span): boolean => nanosToMs(span.startUnixNano) < beforeMs;
    this.forget(this.spans.all().filter(isGone));
    this.spans.drop(isGone);
  }

  async search(search: TraceSearch, signal?: AbortSignal): Promise<readonly TraceSummary[]> {
    signal?.throwIfAborted();
    const found = new Set<string>();
    for (const span of this.spans.all()) {
      if (spanMatches(span, search)) found.add(span.traceId);
    }
    return [...found]
      .map((traceId) => summarizeTrace([...(this.byTrace.get(traceId) ?? [])].map(spanFacts)))
      .sort((a, b) => b.startMs - a.startMs)
      .slice(0, search.limit);
  }

  async trace(traceId: string, signal?: AbortSignal): Promise<readonly Span[]> {
    signal?.throwIfAborted();
    return [...(this.byTrace.get(traceId) ?? [])].sort(compareSpans);
  }

  async services(range: TimeRange, signal?: AbortSignal): Promise<readonly string[]> {
    signal?.throwIfAborted();
    const names = new Set<string>();
    for (const span of this.spans.all()) {
      const startMs = nanosToMs(span.startUnixNano);
      if (startMs >= range.startMs && startMs <= range.endMs)
        names.add(serviceNameOf(span.resource));
    }
    names.delete("");
    return [...names].sort();
  }
}
