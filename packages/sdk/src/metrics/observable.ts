import type {
  Observable as ApiObservable,
  Attributes,
  ObservableCallback,
  ObservableResult,
} from "@opentelemetry/api";
import type { AttributePairs } from "./attribute-key.ts";
import type { InstrumentDescriptor } from "./instrument-descriptor.ts";
import type { MeasurementGuard } from "./measurement-guard.ts";
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

  constructor(descriptor: InstrumentDescriptor, guard: MeasurementGuard, limit: number) {
    this.descriptor = descriptor;
    this.#guard = guard;
    this.index = new SeriesIndex((attributes) => ({ attributes, value: Number.NaN }), limit);
  }

  addCallback(callback: ObservableCallback): void {
    this.#callbacks.add(callback);
  }

  removeCallback(callback: ObservableCallback): void {
    this.#callbacks.delete(callback);
  }

  /** Takes one observation; NaN is dropped and counted. */
  observe(value: number, attributes: Attributes = {}): void {
    if (Number.isNaN(value)) this.#guard.rejected++;
    else this.index.get(attributes).value = value;
  }

  /** Asks every callback. A callback that throws or rejects costs its own observations only. */
  async collect(): Promise<void> {
    this.index.clear();
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
