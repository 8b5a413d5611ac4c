import { SpanStatusCode } from "@opentelemetry/api";
import type { RecordedSpan, SpanSink } from "./recorded-span.ts";

/** Spans that wait for their local root; beyond it the oldest trace is given up. About 10 MB. */
const MAX_WAITING_SPANS = 10_000;
/** Decisions remembered for spans that end after their local root. */
const MAX_DECISIONS = 2000;

/** What makes a trace worth keeping, and where kept spans go. */
export interface TailBufferOptions {
  /** A local root that lasted at least so long is kept. */
  readonly slowMs: number;
  readonly sink: SpanSink;
  /** Told how many spans were given up for want of room. */
  readonly dropped: (spans: number) => void;
}

/**
 * Holds the unsampled spans of a trace back until its root in this process has ended, then keeps
 * them all when the root was slow or any of them failed, else forgets them. Sampled spans pass.
 */
export class TailBuffer {
  readonly #options: TailBufferOptions;
  readonly #waiting = new Map<string, RecordedSpan[]>();
  readonly #decisions = new Map<string, boolean>();
  #waitingSpans = 0;

  constructor(options: TailBufferOptions) {
    this.#options = options;
  }

  /** The sum of `bytesOf` over the spans that wait. */
  waitingBytes(bytesOf: (span: RecordedSpan) => number): number {
    let sum = 0;
    for (const spans of this.#waiting.values()) for (const span of spans) sum += bytesOf(span);
    return sum;
  }

  /** Takes a span that has ended. */
  push(span: RecordedSpan): void {
    const { traceFlags, traceId } = span.spanContext();
    if ((traceFlags & 1) === 1) this.#options.sink(span);
    else if (span.isLocalRoot) this.#decide(traceId, span);
    else {
      const isKept = this.#decisions.get(traceId);
      if (isKept === undefined) this.#hold(traceId, span);
      else if (isKept || isFailed(span)) this.#options.sink(span);
    }
  }

  #decide(traceId: string, span: RecordedSpan): void {
    const spans = [...this.#takeWaiting(traceId), span];
    const isSlow = span.endMs - span.startMs >= this.#options.slowMs;
    const isKept = isSlow || spans.some(isFailed);
    this.#remember(traceId, isKept);
    if (isKept) for (const one of spans) this.#options.sink(one);
  }

  #hold(traceId: string, span: RecordedSpan): void {
    const spans = this.#waiting.get(traceId);
    if (spans === undefined) this.#waiting.set(traceId, [span]);
    else spans.push(span);
    this.#waitingSpans++;
    while (this.#waitingSpans > MAX_WAITING_SPANS) {
      const [oldest] = this.#waiting.keys();
      if (oldest === undefined) return;
      this.#options.dropped(this.#takeWaiting(oldest).length);
    }
  }

  #takeWaiting(traceId: string): readonly RecordedSpan[] {
    const spans = this.#waiting.get(traceId);
    if (spans === undefined) return [];
    this.#waiting.delete(traceId);
    this.#waitingSpans -= spans.length;
    return spans;
  }

  #remember(traceId: string, isKept: boolean): void {
    // A second local root of the same trace may not take an earlier "keep" back.
    this.#decisions.set(traceId, isKept || this.#decisions.get(traceId) === true);
    if (this.#decisions.size <= MAX_DECISIONS) return;
    const [oldest] = this.#decisions.keys();
    if (oldest !== undefined) this.#decisions.delete(oldest);
  }
}

function isFailed(span: RecordedSpan): boolean {
  return span.status.code === SpanStatusCode.ERROR;
}
