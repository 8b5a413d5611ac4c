import type { SpanContext } from "@opentelemetry/api";
import type { AttributePairs } from "./attribute-key.ts";
import { ExemplarSlots } from "./exemplar-slots.ts";
import { EXPONENTIAL_SCALE, exponentialIndex } from "./exponential-index.ts";
import type { MeasurementGuard } from "./measurement-guard.ts";
import type { MetricStream } from "./metric-stream.ts";

/** OpenTelemetry's default: when a wider range is seen, neighbouring buckets merge. */
export const MAX_EXPONENTIAL_BUCKETS = 160;

const DEFAULT_LIMITS = { maxBuckets: MAX_EXPONENTIAL_BUCKETS, maxScale: EXPONENTIAL_SCALE };

/** Exemplars of an exponential histogram: the last few, whatever their bucket. */
const EXEMPLAR_SLOTS = 4;

/**
 * Counts of one attribute set in buckets of equal relative width. Memory follows the seen range:
 * request times between 1 ms and 1 s need 80 buckets.
 */
export class ExponentialHistogramSeries {
  readonly attributes: AttributePairs;
  scale: number;
  /** Index of counts[0] at the present scale. */
  offset = 0;
  counts: number[] = [];
  zeroCount = 0;
  count = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  /** Made when the first exemplar arrives. */
  exemplars: ExemplarSlots | undefined = undefined;
  readonly #guard: MeasurementGuard;
  readonly #maxBuckets: number;

  constructor(
    attributes: AttributePairs,
    guard: MeasurementGuard,
    limits: Pick<MetricStream, "maxBuckets" | "maxScale"> = DEFAULT_LIMITS,
  ) {
    this.attributes = attributes;
    this.scale = limits.maxScale;
    this.#maxBuckets = limits.maxBuckets;
    this.#guard = guard;
  }

  /** As `ExplicitHistogramSeries.record`. */
  record(value: number, span?: SpanContext): void {
    if (!(Number.isFinite(value) && value >= 0)) {
      this.#guard.rejected++;
      return;
    }
    if (value === 0) this.zeroCount++;
    else {
      const index = exponentialIndex(value) >> (EXPONENTIAL_SCALE - this.scale);
      const slot = index - this.offset;
      if (slot >= 0 && slot < this.counts.length) this.counts[slot]!++;
      else this.#countOutside(value, index);
    }
    this.count++;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    if (span !== undefined && (span.traceFlags & 1) === 1 && this.#guard.keepsExemplars) {
      this.exemplars ??= new ExemplarSlots(EXEMPLAR_SLOTS);
      this.exemplars.keep(this.count % EXEMPLAR_SLOTS, value, span);
    }
  }

  #countOutside(value: number, index: number): void {
    if (this.counts.length === 0) {
      this.offset = index;
      this.counts = [1];
      return;
    }
    const last = this.offset + this.counts.length - 1;
    const span = Math.max(index, last) - Math.min(index, this.offset) + 1;
    if (span > this.#maxBuckets) {
      this.#halveResolution();
      const coarser = exponentialIndex(value) >> (EXPONENTIAL_SCALE - this.scale);
      const slot = coarser - this.offset;
      if (slot >= 0 && slot < this.counts.length) this.counts[slot]!++;
      else this.#countOutside(value, coarser);
      return;
    }
    while (index < this.offset) {
      this.counts.unshift(0);
      this.offset--;
    }
    while (index >= this.offset + this.counts.length) this.counts.push(0);
    this.counts[index - this.offset]!++;
  }

  /** Merges buckets 2i and 2i+1 into i: the same data at the next coarser scale. */
  #halveResolution(): void {
    const offset = this.offset >> 1;
    const merged: number[] = [];
    for (let i = 0; i < this.counts.length; i++) {
      const slot = ((this.offset + i) >> 1) - offset;
      merged[slot] = (merged[slot] ?? 0) + this.counts[i]!;
    }
    this.scale--;
    this.offset = offset;
    this.counts = merged;
  }
}
