import type {
  Meter as ApiMeter,
  BatchObservableCallback,
  MetricOptions,
  Observable,
} from "@opentelemetry/api";
import type { TelemetryScope } from "../telemetry-scope.ts";
import type { ActiveSpanContext } from "../tracing/trace-scope.ts";
import { DEFAULT_BOUNDARIES } from "./explicit-histogram.ts";
import { GaugeInstrument } from "./gauge.ts";
import { HistogramInstrument } from "./histogram.ts";
import {
  type InstrumentDescriptor,
  type InstrumentKind,
  isInstrumentName,
} from "./instrument-descriptor.ts";
import type { MeasurementGuard } from "./measurement-guard.ts";
import { ObservableInstrument } from "./observable.ts";
import { SumInstrument } from "./sum.ts";

/** Everything that a meter can make. */
export type Instrument =
  | SumInstrument
  | GaugeInstrument
  | HistogramInstrument
  | ObservableInstrument;

/** What all meters of one registry have in common. */
export interface MeterSetting {
  readonly guard: MeasurementGuard;
  readonly activeSpan: ActiveSpanContext;
  readonly cardinalityLimit: number;
  /** What `createHistogram` makes. */
  readonly histogramKind: "histogram" | "exponential-histogram";
  /** Told of names that break the rules or are used twice with different meaning. */
  readonly warn: (message: string) => void;
}

/** Makes instruments. Asking twice for the same name and kind gives the same instrument. */
export class Meter implements ApiMeter {
  readonly scope: TelemetryScope;
  readonly instruments = new Map<string, Instrument>();
  readonly #setting: MeterSetting;
  readonly #batches = new Map<BatchObservableCallback, readonly Observable[]>();

  constructor(scope: TelemetryScope, setting: MeterSetting) {
    this.scope = scope;
    this.#setting = setting;
  }

  /** A sum that only grows. */
  createCounter(name: string, options: MetricOptions = {}): SumInstrument {
    return this.#sum(describe(name, "counter", options));
  }

  /** A sum that grows and shrinks, such as requests in flight. */
  createUpDownCounter(name: string, options: MetricOptions = {}): SumInstrument {
    return this.#sum(describe(name, "updowncounter", options));
  }

  /** A value of which only the latest counts. */
  createGauge(name: string, options: MetricOptions = {}): GaugeInstrument {
    const { guard, cardinalityLimit } = this.#setting;
    const descriptor = describe(name, "gauge", options);
    return this.#once(
      descriptor,
      GaugeInstrument,
      () => new GaugeInstrument(descriptor, guard, cardinalityLimit),
    );
  }

  /**
   * A histogram with fixed boundaries: those of `advice`, else OpenTelemetry's defaults. Exponential
   * when the process prefers that.
   */
  createHistogram(name: string, options: MetricOptions = {}): HistogramInstrument {
    return this.#histogram(describe(name, this.#setting.histogramKind, options), options);
  }

  /** A histogram with buckets of equal relative width (scale 3, at most 160 buckets). */
  createExponentialHistogram(name: string, options: MetricOptions = {}): HistogramInstrument {
    return this.#histogram(describe(name, "exponential-histogram", options), options);
  }

  createObservableCounter(name: string, options: MetricOptions = {}): ObservableInstrument {
    return this.#observable(describe(name, "counter", options));
  }

  createObservableUpDownCounter(name: string, options: MetricOptions = {}): ObservableInstrument {
    return this.#observable(describe(name, "updowncounter", options));
  }

  createObservableGauge(name: string, options: MetricOptions = {}): ObservableInstrument {
    return this.#observable(describe(name, "gauge", options));
  }

  addBatchObservableCallback(callback: BatchObservableCallback, observables: Observable[]): void {
    this.#batches.set(callback, observables);
  }

  removeBatchObservableCallback(callback: BatchObservableCallback): void {
    this.#batches.delete(callback);
  }

  /** Asks every observable; to be awaited before the instruments are read. */
  async collect(): Promise<void> {
    for (const instrument of this.instruments.values()) {
      if (instrument instanceof ObservableInstrument) await instrument.collect();
    }
    for (const callback of this.#batches.keys()) await this.#askBatch(callback);
  }

  /** Asks every observable and takes what is answered at once. */
  collectNow(): void {
    for (const instrument of this.instruments.values()) {
      if (instrument instanceof ObservableInstrument) void instrument.collect();
    }
    for (const callback of this.#batches.keys()) void this.#askBatch(callback);
  }

  async #askBatch(callback: BatchObservableCallback): Promise<void> {
    const allowed = this.#batches.get(callback) ?? [];
    try {
      await callback({
        observe: (metric, value, attributes) => {
          if (!allowed.includes(metric) || !(metric instanceof ObservableInstrument)) return;
          metric.observe(value, attributes);
        },
      });
    } catch {
      this.#setting.guard.rejected++;
    }
  }

  #sum(descriptor: InstrumentDescriptor): SumInstrument {
    const { guard, cardinalityLimit } = this.#setting;
    return this.#once(
      descriptor,
      SumInstrument,
      () => new SumInstrument(descriptor, guard, cardinalityLimit),
    );
  }

  #histogram(descriptor: InstrumentDescriptor, options: MetricOptions): HistogramInstrument {
    const { guard, cardinalityLimit: limit, activeSpan } = this.#setting;
    const boundaries = [...(options.advice?.explicitBucketBoundaries ?? DEFAULT_BOUNDARIES)];
    return this.#once(
      descriptor,
      HistogramInstrument,
      () => new HistogramInstrument(descriptor, { guard, limit, activeSpan, boundaries }),
    );
  }

  #observable(descriptor: InstrumentDescriptor): ObservableInstrument {
    const { guard, cardinalityLimit } = this.#setting;
    return this.#once(
      descriptor,
      ObservableInstrument,
      () => new ObservableInstrument(descriptor, guard, cardinalityLimit),
    );
  }

  /** A name that is invalid or means something else already gives an instrument that works but is not exported. */
  #once<T extends Instrument>(
    descriptor: InstrumentDescriptor,
    type: new (...parameters: never[]) => T,
    create: () => T,
  ): T {
    const key = descriptor.name.toLowerCase();
    const present = this.instruments.get(key);
    if (present instanceof type && present.descriptor.kind === descriptor.kind) return present;
    const made = create();
    if (present !== undefined) {
      this.#setting.warn(`metric ${descriptor.name} is already a ${present.descriptor.kind}`);
    } else if (!isInstrumentName(descriptor.name)) {
      this.#setting.warn(`metric name ${JSON.stringify(descriptor.name)} is not valid`);
    } else this.instruments.set(key, made);
    return made;
  }
}

function describe(
  name: string,
  kind: InstrumentKind,
  options: MetricOptions,
): InstrumentDescriptor {
  return { name, kind, description: options.description ?? "", unit: options.unit ?? "" };
}
