import type { Attributes } from "@opentelemetry/api";
import type { AttributePairs } from "./attribute-key.ts";
import type { Counter, Histogram } from "./bound-instruments.ts";
import type { InstrumentDescriptor } from "./instrument-descriptor.ts";
import type { MeasurementGuard } from "./measurement-guard.ts";
import type { MetricStream } from "./metric-stream.ts";
import { SeriesIndex } from "./series-index.ts";

/** A running total of one attribute set. `add` is the hot path: one comparison, one addition. */
export class SumSeries {
  readonly attributes: AttributePairs;
  value = 0;
  readonly #guard: MeasurementGuard;
  readonly #lowest: number;

  constructor(attributes: AttributePairs, guard: MeasurementGuard, lowest: number) {
    this.attributes = attributes;
    this.#guard = guard;
    this.#lowest = lowest;
  }

  /** Adds `value`; what is no finite number, or (for a counter) negative, is dropped and counted. */
  add(value = 1): void {
    if (Number.isFinite(value) && value >= this.#lowest) this.value += value;
    else this.#guard.rejected++;
  }

  /** As `add`: the measurement of a histogram of which a view wants the sum only. */
  record(value: number): void {
    this.add(value);
  }
}

/** A counter (monotonic) or an up-down counter. Made by `Meter`. */
export class SumInstrument implements Counter, Histogram {
  readonly descriptor: InstrumentDescriptor;
  readonly index: SeriesIndex<SumSeries>;

  constructor(stream: MetricStream, guard: MeasurementGuard) {
    const { descriptor } = stream;
    this.descriptor = descriptor;
    const lowest = descriptor.kind === "counter" ? 0 : -Number.MAX_VALUE;
    this.index = new SeriesIndex((pairs) => new SumSeries(pairs, guard, lowest), stream, guard);
  }

  /** Adds to the series of `attributes`. */
  add(value: number, attributes: Attributes = {}): void {
    this.index.get(attributes).add(value);
  }

  /** As `add`, of a histogram of which a view wants the sum only. */
  record(value: number, attributes: Attributes = {}): void {
    this.index.get(attributes).add(value);
  }

  /** The series itself, for hot paths: `const ok = requests.bind({ outcome: "ok" }); ok.add(1)`. */
  bind(attributes: Attributes = {}): SumSeries {
    return this.index.get(attributes);
  }
}
