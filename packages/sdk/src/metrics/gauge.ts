import type { Attributes } from "@opentelemetry/api";
import type { AttributePairs } from "./attribute-key.ts";
import type { Gauge } from "./bound-instruments.ts";
import type { InstrumentDescriptor } from "./instrument-descriptor.ts";
import type { MeasurementGuard } from "./measurement-guard.ts";
import type { MetricStream } from "./metric-stream.ts";
import { SeriesIndex } from "./series-index.ts";

/** The last value of one attribute set. NaN until first recorded. */
export class GaugeSeries {
  readonly attributes: AttributePairs;
  value = Number.NaN;
  readonly #guard: MeasurementGuard;

  constructor(attributes: AttributePairs, guard: MeasurementGuard) {
    this.attributes = attributes;
    this.#guard = guard;
  }

  /** Replaces the value; NaN, and what is no number, is dropped and counted. */
  record(value: number): void {
    if (typeof value !== "number" || Number.isNaN(value)) this.#guard.rejected++;
    else this.value = value;
  }
}

/** A synchronous gauge. Made by `Meter`. */
export class GaugeInstrument implements Gauge {
  readonly descriptor: InstrumentDescriptor;
  readonly index: SeriesIndex<GaugeSeries>;

  constructor(stream: MetricStream, guard: MeasurementGuard) {
    this.descriptor = stream.descriptor;
    this.index = new SeriesIndex((pairs) => new GaugeSeries(pairs, guard), stream, guard);
  }

  /** Sets the value of the series of `attributes`. */
  record(value: number, attributes: Attributes = {}): void {
    this.index.get(attributes).record(value);
  }

  /** The series itself, for hot paths. */
  bind(attributes: Attributes = {}): GaugeSeries {
    return this.index.get(attributes);
  }
}
