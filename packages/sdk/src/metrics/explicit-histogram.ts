import type { SpanContext } from "@opentelemetry/api";
import type { AttributePairs } from "./attribute-key.ts";
import { ExemplarSlots } from "./exemplar-slots.ts";
import type { MeasurementGuard } from "./measurement-guard.ts";

/**
 * Boundaries, in seconds, that the stable HTTP semantic conventions advise for request durations.
 * https://opentelemetry.io/docs/specs/semconv/http/http-metrics/
 */
export const HTTP_DURATION_BOUNDARIES = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
] as const;

/** Boundaries of the OpenTelemetry metrics SDK for histograms without advice. */
export const DEFAULT_BOUNDARIES = [
  0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000,
] as const;

/** Counts of one attribute set in fixed buckets; bucket i holds values <= boundaries[i]. */
export class ExplicitHistogramSeries {
  readonly attributes: AttributePairs;
  readonly boundaries: readonly number[];
  /** One more than boundaries: the last bucket is unbounded. Not cumulative. */
  readonly counts: number[];
  count = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  /** Made when the first exemplar arrives. */
  exemplars: ExemplarSlots | undefined = undefined;
  readonly #guard: MeasurementGuard;

  constructor(attributes: AttributePairs, boundaries: readonly number[], guard: MeasurementGuard) {
    this.attributes = attributes;
    this.boundaries = boundaries;
    this.counts = new Array<number>(boundaries.length + 1).fill(0);
    this.#guard = guard;
  }

  /**
   * Counts `value`; a NaN, infinite or negative value is dropped and counted by the guard. With a
   * sampled span the observation is kept as the bucket's exemplar.
   */
  record(value: number, span?: SpanContext): void {
    if (!(Number.isFinite(value) && value >= 0)) {
      this.#guard.rejected++;
      return;
    }
    const boundaries = this.boundaries;
    const length = boundaries.length;
    let i = 0;
    // Linear, not binary: 14 boundaries in one cache line, 5-7 ns against 10-18 (research, sdk).
    while (i < length && value > boundaries[i]!) i++;
    this.counts[i]!++;
    this.count++;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    if (span !== undefined && (span.traceFlags & 1) === 1 && this.#guard.keepsExemplars) {
      this.exemplars ??= new ExemplarSlots(length + 1);
      this.exemplars.keep(i, value, span);
    }
  }
}
