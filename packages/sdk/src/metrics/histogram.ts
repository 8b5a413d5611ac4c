import type { Histogram as ApiHistogram, Attributes, Context } from "@opentelemetry/api";
import { type ActiveSpanContext, spanContextOf } from "../tracing/trace-scope.ts";
import type { AttributePairs } from "./attribute-key.ts";
import { ExplicitHistogramSeries } from "./explicit-histogram.ts";
import { ExponentialHistogramSeries } from "./exponential-histogram.ts";
import type { InstrumentDescriptor } from "./instrument-descriptor.ts";
import type { MeasurementGuard } from "./measurement-guard.ts";
import { SeriesIndex } from "./series-index.ts";

/** The counts of one attribute set, in either kind of buckets. */
export type HistogramSeries = ExplicitHistogramSeries | ExponentialHistogramSeries;

/** What a histogram needs besides its descriptor. */
export interface HistogramOptions {
  readonly guard: MeasurementGuard;
  readonly limit: number;
  /** Ascending, without +Inf. Unused by an exponential histogram. */
  readonly boundaries: readonly number[];
  /** Where exemplars come from when no context is passed. */
  readonly activeSpan: ActiveSpanContext;
}

/** A histogram, explicit or exponential by its descriptor. Made by `Meter`. */
export class HistogramInstrument implements ApiHistogram {
  readonly descriptor: InstrumentDescriptor;
  readonly index: SeriesIndex<HistogramSeries>;
  readonly #activeSpan: ActiveSpanContext;

  constructor(descriptor: InstrumentDescriptor, options: HistogramOptions) {
    const { guard, boundaries } = options;
    this.descriptor = descriptor;
    this.#activeSpan = options.activeSpan;
    const create = (pairs: AttributePairs): HistogramSeries =>
      descriptor.kind === "exponential-histogram"
        ? new ExponentialHistogramSeries(pairs, guard)
        : new ExplicitHistogramSeries(pairs, boundaries, guard);
    this.index = new SeriesIndex(create, options.limit);
  }

  /** Records in the series of `attributes`; the sampled span of `context` becomes an exemplar. */
  record(value: number, attributes: Attributes = {}, context?: Context): void {
    const span = context === undefined ? this.#activeSpan() : spanContextOf(context);
    this.index.get(attributes).record(value, span);
  }

  /** The series itself, for hot paths: no attribute look-up, an exemplar only when passed. */
  bind(attributes: Attributes = {}): HistogramSeries {
    return this.index.get(attributes);
  }
}
