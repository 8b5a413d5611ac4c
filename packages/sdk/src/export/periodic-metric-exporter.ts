import type { Resource } from "@avx/model";
import type { OtlpMetric } from "@avx/wire";
import type { Meter } from "../metrics/meter.ts";
import type { MetricRegistry } from "../metrics/metric-registry.ts";
import { ObservableInstrument } from "../metrics/observable.ts";
import type { ExportHealth } from "./export-health.ts";
import type { ExportStatistics } from "./export-statistics.ts";
import { exportedMetrics } from "./metric-export.ts";
import type { OtlpSender } from "./otlp-sender.ts";
import { DeltaMemory, isDelta, type TemporalityPreference } from "./temporality.ts";

/** What is sent, how often, and who counts it. */
export interface PeriodicMetricExporterOptions {
  readonly registry: MetricRegistry;
  readonly resource: Resource;
  readonly intervalMs: number;
  readonly sender: OtlpSender;
  readonly statistics: ExportStatistics;
  readonly health: ExportHealth;
  readonly nowMs: () => number;
  readonly temporality: TemporalityPreference;
  readonly encode: (metrics: readonly OtlpMetric[]) => Uint8Array;
}

/**
 * Sends all metrics at a fixed interval. While one request is still being retried no
 * other begins: the next one carries the newer totals anyway. The timer keeps no process alive.
 */
export class PeriodicMetricExporter {
  readonly #options: PeriodicMetricExporterOptions;
  #timer: NodeJS.Timeout | undefined = undefined;
  #sending: Promise<void> | undefined = undefined;
  #lastMs = 0;
  readonly #deltas = new DeltaMemory();

  constructor(options: PeriodicMetricExporterOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => {
      if (this.#sending === undefined) void this.flush();
    }, this.#options.intervalMs);
    this.#timer.unref();
  }

  /** Collects and sends now; resolves when it was sent or given up. Never throws. */
  async flush(): Promise<void> {
    await this.#sending;
    this.#sending ??= this.#export().finally(() => {
      this.#sending = undefined;
    });
    await this.#sending;
  }

  /** Sends a last time, with one attempt. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#options.sender.hurry();
    await this.flush();
  }

  /** All metrics of this moment, encoded, for a sender that cannot wait. */
  takeEncoded(): Uint8Array {
    return this.#options.encode(this.#metrics(this.#options.registry.collectNow()));
  }

  #metrics(meters: readonly Meter[]): OtlpMetric[] {
    const { registry, resource, nowMs, temporality } = this.#options;
    const now = nowMs();
    const moment = { resource, startMs: registry.startMs, nowMs: now };
    const metrics = exportedMetrics(meters, { ...moment, exemplarsSinceMs: this.#lastMs });
    this.#lastMs = now;
    if (temporality === "cumulative") return metrics;
    const instruments = new Map(
      meters.flatMap(({ scope, instruments: all }) =>
        [...all.values()].map((one) => [instrumentKey(scope, one.descriptor.name), one] as const),
      ),
    );
    return this.#deltas.changes(metrics, ({ scope, name }) => {
      const instrument = instruments.get(instrumentKey(scope, name));
      if (instrument === undefined) return false;
      const isObservable = instrument instanceof ObservableInstrument;
      return isDelta(temporality, instrument.descriptor.kind, isObservable);
    });
  }

  async #export(): Promise<void> {
    const { registry, sender, statistics, health, encode } = this.#options;
    try {
      const metrics = this.#metrics(await registry.collect());
      const points = metrics.reduce((sum, metric) => sum + metric.points.length, 0);
      const outcome = await sender.send(encode(metrics));
      health.note(outcome);
      if (outcome.kind === "failed") statistics.failed.add(points);
      else {
        statistics.rejected.add(outcome.rejected);
        statistics.sent.add(points - outcome.rejected);
      }
    } catch (cause) {
      health.note({ kind: "failed", reason: cause instanceof Error ? cause.message : "encoding" });
    }
  }
}

function instrumentKey(scope: { readonly name: string; readonly version: string }, name: string) {
  return `${scope.name} ${scope.version} ${name}`;
}
