import { SERIES_DATA_BYTES } from "../overhead/memory-estimates.ts";
import { MeasurementGuard } from "./measurement-guard.ts";
import { type Instrument, Meter, type MeterSetting } from "./meter.ts";
import { DEFAULT_CARDINALITY_LIMIT } from "./series-index.ts";
import { checkViews } from "./views/check-views.ts";

/** Settings of all meters; each but the start has a default. */
export interface MetricRegistryOptions extends Partial<Omit<MeterSetting, "guard">> {
  /** Unix time in milliseconds from which sums and histograms count. */
  readonly startMs: number;
}

/** All meters of one process: what `/metrics` shows and what is exported. */
export class MetricRegistry {
  readonly startMs: number;
  readonly guard = new MeasurementGuard();
  readonly #meters = new Map<string, Meter>();
  readonly #setting: MeterSetting;

  constructor(options: MetricRegistryOptions) {
    checkViews(options.views ?? []);
    this.startMs = options.startMs;
    this.#setting = {
      guard: this.guard,
      activeSpan: options.activeSpan ?? (() => undefined),
      cardinalityLimit: options.cardinalityLimit ?? DEFAULT_CARDINALITY_LIMIT,
      histogramKind: options.histogramKind ?? "histogram",
      views: options.views ?? [],
      warn: options.warn ?? (() => {}),
    };
  }

  /** The meter of a scope, made on first use. */
  getMeter(name: string, version = ""): Meter {
    const key = JSON.stringify([name, version]);
    let meter = this.#meters.get(key);
    if (meter === undefined) {
      meter = new Meter({ name, version }, this.#setting);
      this.#meters.set(key, meter);
    }
    return meter;
  }

  /** Asks observables, then gives every meter. Values go on changing; read them at once. */
  async collect(): Promise<readonly Meter[]> {
    const meters = [...this.#meters.values()];
    for (const meter of meters) await meter.collect();
    return meters;
  }

  /** As `collect`, for an exit that cannot wait: what an observable answers later is left out. */
  collectNow(): readonly Meter[] {
    const meters = [...this.#meters.values()];
    for (const meter of meters) meter.collectNow();
    return meters;
  }

  /** An estimate of what all series take. */
  estimatedBytes(): number {
    let bytes = 0;
    for (const meter of this.#meters.values()) {
      for (const { index, descriptor } of meter.instruments.values()) {
        bytes += index.bytes + index.size * SERIES_DATA_BYTES[descriptor.kind];
      }
    }
    return bytes;
  }

  /** The instruments that had to merge attribute sets over the cardinality limit. */
  overflowing(): Instrument[] {
    const instruments = [...this.#meters.values()].flatMap((meter) => [
      ...meter.instruments.values(),
    ]);
    return instruments.filter((instrument) => instrument.index.hasOverflow);
  }
}
