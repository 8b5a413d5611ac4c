import type { SpanContext } from "@opentelemetry/api";

/** One observation that was made inside a sampled span. */
export interface MeasuredExemplar {
  readonly value: number;
  /** Unix time in milliseconds. */
  readonly timestampMs: number;
  readonly traceId: string;
  readonly spanId: string;
}

/** The latest exemplar of each bucket, so that rare slow buckets keep theirs. */
export class ExemplarSlots {
  readonly slots: (MeasuredExemplar | undefined)[];

  constructor(buckets: number) {
    this.slots = new Array<MeasuredExemplar | undefined>(buckets).fill(undefined);
  }

  /** Remembers the observation in its bucket. */
  keep(bucket: number, value: number, span: SpanContext): void {
    const timestampMs = Date.now();
    this.slots[bucket] = { value, timestampMs, traceId: span.traceId, spanId: span.spanId };
  }

  /** Exemplars not older than `sinceMs`. */
  since(sinceMs: number): MeasuredExemplar[] {
    return this.slots.flatMap((slot) =>
      slot !== undefined && slot.timestampMs >= sinceMs ? [slot] : [],
    );
  }
}
