import type {
  Observable as ApiObservable,
  Attributes,
  ObservableCallback,
  ObservableResult,
} from "@opentelemetry/api";
import type { AttributePairs } from "./attribute-key.ts";
import type { InstrumentDescriptor } from "./instrument-descriptor.ts";
import type { MeasurementGuard } from "./measurement-guard.ts";
import type { MetricStream } from "./metric-stream.ts";
import { SeriesIndex } from "./series-index.ts";

/** What a callback reported for one attribute set at the last collection. */
export interface ObservedSeries {
  readonly attributes: AttributePairs;
  value: number;
}

/**
 * An instrument that is asked at collection. Each collection starts empty, so an attribute set
 * that the callback no longer reports ends, instead of standing still for ever.
 */
export class ObservableInstrument implements ApiObservable {
  readonly descriptor: InstrumentDescriptor;
  readonly index: SeriesIndex<ObservedSeries>;
  readonly #guard: MeasurementGuard;
  readonly #callbacks = new Set<ObservableCallback>();

  /** The metrics that further views make of it; they are filled with it. */
  readonly #others: readonly ObservableInstrument[];
  readonly #isSummed: boolean;

  constructor(
    stream: MetricStream,
    guard: MeasurementGuard,
    others: readonly ObservableInstrument[] = [],
  ) {
    this.descriptor = stream.descriptor;
    this.#guard = guard;
    this.#others = others;
    // What a view leaves out of the attributes makes sets equal: their sums are added.
    this.#isSummed = stream.keep !== undefined && stream.descriptor.kind !== "gauge";
    this.index = new SeriesIndex((attributes) => ({ attributes, value: Number.NaN }), stream);
  }

  addCallback(callback: ObservableCallback): void {
    this.#callbacks.add(callback);
  }

  removeCallback(callback: ObservableCallback): void {
    this.#callbacks.delete(callback);
  }

  /** Takes one observation; NaN, and what is no number, is dropped and counted. */
  observe(value: number, attributes: Attributes = {}): void {
    for (const other of this.#others) other.observe(value, attributes);
    if (typeof value !== "number" || Number.isNaN(value)) {
      this.#guard.rejected++;
      return;
    }
    const series = this.index.get(attributes);
    const isAdded = this.#isSummed && !Number.isNaN(series.value);
    series.value = isAdded ? series.value + value : value;
  }

  /** Forgets what was observed, as each collection does first. */
  clear(): void {
    this.index.clear();
    for (const other of this.#others) other.clear();
  }

  /** Asks every callback. A callback that throws or rejects costs its own observations only. */
  async collect(): Promise<void> {
    this.clear();
    const result: ObservableResult = {
      observe: (value, attributes) => this.observe(value, attributes),
    };
    for (const callback of this.#callbacks) {
      try {
        const pending = callback(result);
        if (pending !== undefined) await pending;
      } catch {
        this.#guard.rejected++;
      }
    }
  }
}
