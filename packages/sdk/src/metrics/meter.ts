import type {
  Meter as ApiMeter,
  BatchObservableCallback,
  MetricOptions,
  Observable,
} from "@opentelemetry/api";
import type { TelemetryScope } from "../telemetry-scope.ts";
import type { ActiveSpanContext } from "../tracing/trace-scope.ts";
import type { Counter, Gauge, Histogram } from "./bound-instruments.ts";
import { DEFAULT_BOUNDARIES } from "./explicit-histogram.ts";
import { MAX_EXPONENTIAL_BUCKETS } from "./exponential-histogram.ts";
import { EXPONENTIAL_SCALE } from "./exponential-index.ts";
import { GaugeInstrument } from "./gauge.ts";
import { HistogramInstrument } from "./histogram.ts";
import {
  type InstrumentDescriptor,
  type InstrumentKind,
  isInstrumentName,
} from "./instrument-descriptor.ts";
import type { MeasurementGuard } from "./measurement-guard.ts";
import type { MetricStream } from "./metric-stream.ts";
import { ObservableInstrument } from "./observable.ts";
import { SumInstrument } from "./sum.ts";
import { fanOutCounter, fanOutGauge, fanOutHistogram } from "./views/fan-out.ts";
import type { View, ViewInstrumentKind } from "./views/view.ts";
import { viewStreams } from "./views/view-streams.ts";

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
  /** Already checked. */
  readonly views: readonly View[];
  /** Told of names that break the rules or are used twice with different meaning. */
  readonly warn: (message: string) => void;
}

/** Makes instruments. Asking twice for the same name and kind gives the same instrument. */
export class Meter implements ApiMeter {
  readonly scope: TelemetryScope;
  /** Everything that is shown and exported, by its name in lower case. */
  readonly instruments = new Map<string, Instrument>();
  readonly #setting: MeterSetting;
  readonly #handles = new Map<string, Handle>();
  readonly #asked = new Set<Observable>();
  readonly #batches = new Map<BatchObservableCallback, readonly Observable[]>();

  constructor(scope: TelemetryScope, setting: MeterSetting) {
    this.scope = scope;
    this.#setting = setting;
  }

  /** A sum that only grows. */
  createCounter(name: string, options: MetricOptions = {}): Counter {
    return this.#sum(describe(name, "counter", options), "counter");
  }

  /** A sum that grows and shrinks, such as requests in flight. */
  createUpDownCounter(name: string, options: MetricOptions = {}): Counter {
    return this.#sum(describe(name, "updowncounter", options), "updowncounter");
  }

  /** A value of which only the latest counts. */
  createGauge(name: string, options: MetricOptions = {}): Gauge {
    const descriptor = describe(name, "gauge", options);
    return this.#once<Gauge>({ descriptor, kind: "gauge" }, (streams) => {
      const parts = streams.map((stream) => new GaugeInstrument(stream, this.#setting.guard));
      return { parts, handle: parts.length === 1 ? parts[0]! : fanOutGauge(parts) };
    });
  }

  /**
   * A histogram with fixed boundaries: those of `advice`, else OpenTelemetry's defaults. Exponential
   * when the process prefers that.
   */
  createHistogram(name: string, options: MetricOptions = {}): Histogram {
    return this.#histogram(describe(name, this.#setting.histogramKind, options), options);
  }

  /** A histogram with buckets of equal relative width (scale 3, at most 160 buckets). */
  createExponentialHistogram(name: string, options: MetricOptions = {}): Histogram {
    return this.#histogram(describe(name, "exponential-histogram", options), options);
  }

  createObservableCounter(name: string, options: MetricOptions = {}): Observable {
    return this.#observable(describe(name, "counter", options), "observable-counter");
  }

  createObservableUpDownCounter(name: string, options: MetricOptions = {}): Observable {
    return this.#observable(describe(name, "updowncounter", options), "observable-updowncounter");
  }

  createObservableGauge(name: string, options: MetricOptions = {}): Observable {
    return this.#observable(describe(name, "gauge", options), "observable-gauge");
  }

  addBatchObservableCallback(callback: BatchObservableCallback, observables: Observable[]): void {
    this.#batches.set(callback, observables);
  }

  removeBatchObservableCallback(callback: BatchObservableCallback): void {
    this.#batches.delete(callback);
  }

  /** Asks every observable; to be awaited before the instruments are read. */
  async collect(): Promise<void> {
    for (const instrument of this.#asked) {
      if (instrument instanceof ObservableInstrument) await instrument.collect();
    }
    for (const callback of this.#batches.keys()) await this.#askBatch(callback);
  }

  /** Asks every observable and takes what is answered at once. */
  collectNow(): void {
    for (const instrument of this.#asked) {
      if (instrument instanceof ObservableInstrument) void instrument.collect();
    }
    for (const callback of this.#batches.keys()) void this.#askBatch(callback);
  }

  async #askBatch(callback: BatchObservableCallback): Promise<void> {
    const allowed = this.#batches.get(callback) ?? [];
    try {
      await callback({
        observe: (metric, value, attributes) => {
          if (!allowed.includes(metric) || !this.#asked.has(metric)) return;
          if (metric instanceof ObservableInstrument) metric.observe(value, attributes);
        },
      });
    } catch {
      this.#setting.guard.rejected++;
    }
  }

  #sum(descriptor: InstrumentDescriptor, kind: "counter" | "updowncounter"): Counter {
    return this.#once<Counter>({ descriptor, kind }, (streams) => {
      const parts = streams.map((stream) => new SumInstrument(stream, this.#setting.guard));
      return { parts, handle: parts.length === 1 ? parts[0]! : fanOutCounter(parts) };
    });
  }

  #histogram(descriptor: InstrumentDescriptor, options: MetricOptions): Histogram {
    const boundaries = options.advice?.explicitBucketBoundaries;
    return this.#once<Histogram>({ descriptor, kind: "histogram", boundaries }, (streams) => {
      const parts = streams.map((stream) =>
        stream.descriptor.kind === "counter"
          ? new SumInstrument(stream, this.#setting.guard)
          : new HistogramInstrument(stream, this.#setting),
      );
      return { parts, handle: parts.length === 1 ? parts[0]! : fanOutHistogram(parts) };
    });
  }

  #observable(descriptor: InstrumentDescriptor, kind: ViewInstrumentKind): Observable {
    return this.#once<Observable>({ descriptor, kind }, (streams) => {
      const { guard } = this.#setting;
      const [first, ...others] = streams.toReversed();
      const rest = others.map((stream) => new ObservableInstrument(stream, guard));
      // Dropped: it takes callbacks and asks none.
      if (first === undefined) return { parts: [], handle: createNoopObservable() };
      const handle = new ObservableInstrument(first, guard, rest);
      return { parts: [handle, ...rest].reverse(), handle };
    });
  }

  /** A name that is invalid or means something else already gives an instrument that works but is not exported. */
  #once<H>(request: InstrumentRequest, make: (streams: readonly MetricStream[]) => Made<H>): H {
    const { descriptor, kind, boundaries = DEFAULT_BOUNDARIES } = request;
    const { warn, views, cardinalityLimit: limit } = this.#setting;
    const key = descriptor.name.toLowerCase();
    const present = this.#handles.get(key);
    const isSame = present?.kind === kind && present.own === descriptor.kind;
    // Proof of the `as`: one kind of instrument has one kind of handle.
    if (present !== undefined && isSame) return present.handle as H;
    const stream = { descriptor, limit, keep: undefined, boundaries: [...boundaries], ...UNVIEWED };
    const made = make(viewStreams(views, { kind, scope: this.scope, stream, warn }));
    if (present !== undefined) {
      warn(`metric ${descriptor.name} is already a ${present.own}`);
    } else if (!isInstrumentName(descriptor.name)) {
      warn(`metric name ${JSON.stringify(descriptor.name)} is not valid`);
    } else {
      this.#handles.set(key, { kind, own: descriptor.kind, handle: made.handle });
      if (made.handle instanceof ObservableInstrument) this.#asked.add(made.handle);
      for (const part of made.parts) this.#show(part);
    }
    return made.handle;
  }

  #show(part: Instrument): void {
    const { name } = part.descriptor;
    const key = name.toLowerCase();
    const present = this.instruments.get(key);
    if (present === undefined) this.instruments.set(key, part);
    else this.#setting.warn(`metric ${name} is already a ${present.descriptor.kind}`);
  }
}

/** An instrument as the service holds it, and what it was made as. */
interface Handle {
  readonly kind: ViewInstrumentKind;
  readonly own: InstrumentKind;
  readonly handle: unknown;
}

interface InstrumentRequest {
  readonly descriptor: InstrumentDescriptor;
  readonly kind: ViewInstrumentKind;
  readonly boundaries?: readonly number[] | undefined;
}

/** What is shown of an instrument, and what the service gets. */
interface Made<H> {
  readonly parts: readonly Instrument[];
  readonly handle: H;
}

const UNVIEWED = { maxBuckets: MAX_EXPONENTIAL_BUCKETS, maxScale: EXPONENTIAL_SCALE };

function createNoopObservable(): Observable {
  return { addCallback: () => {}, removeCallback: () => {} };
}

function describe(
  name: string,
  kind: InstrumentKind,
  options: MetricOptions,
): InstrumentDescriptor {
  return { name, kind, description: options.description ?? "", unit: options.unit ?? "" };
}
