import type { Attributes, Context } from "@opentelemetry/api";
import { type ActiveSpanContext, spanContextOf } from "../tracing/trace-scope.ts";
import type { AttributePairs } from "./attribute-key.ts";
import type { Histogram } from "./bound-instruments.ts";
import { ExplicitHistogramSeries } from "./explicit-histogram.ts";
import { ExponentialHistogramSeries } from "./exponential-histogram.ts";
import type { InstrumentDescriptor } from "./instrument-descriptor.ts";
import type { MeasurementGuard } from "./measurement-guard.ts";
import type { MetricStream } from "./metric-stream.ts";
import { SeriesIndex } from "./series-index.ts";

/** The counts of one attribute set, in either kind of buckets. */
export type HistogramSeries = ExplicitHistogramSeries | ExponentialHistogramSeries;

/** What a histogram needs besides its stream. */
export interface HistogramOptions {
  readonly guard: MeasurementGuard;
  /** Where exemplars come from when no context is passed. */
  readonly activeSpan: ActiveSpanContext;
}

/** A histogram, explicit or exponential by its descriptor. Made by `Meter`. */
export class HistogramInstrument implements Histogram {
  readonly descriptor: InstrumentDescriptor;
  readonly index: SeriesIndex<HistogramSeries>;
  readonly #activeSpan: ActiveSpanContext;

  constructor(stream: MetricStream, { guard, activeSpan }: HistogramOptions) {
    const { descriptor, boundaries } = stream;
    this.descriptor = descriptor;
    this.#activeSpan = activeSpan;
    const create = (pairs: AttributePairs): HistogramSeries =>
      descriptor.kind === "exponential-histogram"
        ? new ExponentialHistogramSeries(pairs, guard, stream)
        : new ExplicitHistogramSeries(pairs, boundaries, guard);
    this.index = new SeriesIndex(create, stream, guard);
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
