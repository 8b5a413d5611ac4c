import { setTimeout as pause } from "node:timers/promises";
import type { Resource } from "@avx/model";
import type { OtlpSignal } from "@avx/wire";
import { OWN_SCOPE } from "../exposition/families.ts";
import { nodeUtil, nodeZlib } from "../lazy-builtins.ts";
import { exportedLogs } from "../logs/log-export.ts";
import type { LogEntry } from "../logs/log-line.ts";
import type { Meter } from "../metrics/meter.ts";
import type { MetricRegistry } from "../metrics/metric-registry.ts";
import { logBytes, spanBytes } from "../overhead/memory-estimates.ts";
import type { OwnCost } from "../overhead/own-cost.ts";
import type { OwnMemory } from "../overhead/own-memory.ts";
import { SDK_VERSION } from "../resource.ts";
import type { TelemetryConfig } from "../telemetry-config.ts";
import type { RecordedSpan } from "../tracing/recorded-span.ts";
import { exportedSpans } from "../tracing/span-export.ts";
import { BatchExporter } from "./batch-exporter.ts";
import { ExportHealth } from "./export-health.ts";
import { type ExportStatistics, exportStatistics } from "./export-statistics.ts";
import { OTLP_ENCODERS } from "./otlp-encoders.ts";
import type { OtlpPost } from "./otlp-http-client.ts";
import { OtlpSender, type SenderPorts } from "./otlp-sender.ts";
import { OtlpTransport, otlpPost } from "./otlp-transport.ts";
import { PeriodicMetricExporter } from "./periodic-metric-exporter.ts";
import type { SignalTarget } from "./signal-target.ts";

/** What is exported, under which settings. */
export interface TelemetryExportOptions {
  readonly config: TelemetryConfig;
  readonly resource: Resource;
  readonly registry: MetricRegistry;
  readonly cost: OwnCost;
  readonly memory: OwnMemory;
  /** Told when export begins to fail and when it works again. */
  readonly report: (message: string) => void;
}

const gzipped = (body: Uint8Array): Promise<Uint8Array> =>
  nodeUtil().promisify(nodeZlib().gzip)(body);

interface Outlet {
  readonly target: SignalTarget;
  readonly sender: OtlpSender;
  readonly statistics: ExportStatistics;
  readonly health: ExportHealth;
}

interface LastPosts extends Pick<Outlet, "target" | "health"> {
  readonly take: () => Uint8Array[];
}

/** Sends the three signals over OTLP. A signal without target goes nowhere. */
export class TelemetryExport {
  readonly spans: BatchExporter<RecordedSpan> | undefined;
  readonly logs: BatchExporter<LogEntry> | undefined;
  readonly #metrics: PeriodicMetricExporter | undefined;
  readonly #last: LastPosts[] = [];
  readonly #client = new OtlpTransport();
  readonly #options: TelemetryExportOptions;
  readonly #meter: Meter;

  constructor(options: TelemetryExportOptions) {
    this.#options = options;
    const { config, resource, registry, cost, memory } = options;
    this.#meter = registry.getMeter(OWN_SCOPE, SDK_VERSION);
    const encodingOf = (signal: OtlpSignal) => config.targets[signal]?.encoding ?? "protobuf";
    this.spans = this.#batches("traces", config.spanLimits, (spans: readonly RecordedSpan[]) =>
      cost.exporting(() =>
        OTLP_ENCODERS.traces[encodingOf("traces")](exportedSpans(spans, resource)),
      ),
    );
    this.logs = this.#batches("logs", config.logLimits, (entries: readonly LogEntry[]) =>
      cost.exporting(() => OTLP_ENCODERS.logs[encodingOf("logs")](exportedLogs(entries, resource))),
    );
    memory.add("spans", {
      bytes: () => this.spans?.waitingBytes(spanBytes) ?? 0,
      trim: (maxBytes) => this.spans?.trim(maxBytes, spanBytes),
    });
    memory.add("logs", {
      bytes: () => this.logs?.waitingBytes(logBytes) ?? 0,
      trim: (maxBytes) => this.logs?.trim(maxBytes, logBytes),
    });
    const outlet = this.#outlet("metrics");
    if (outlet !== undefined) {
      const intervalMs = config.metricIntervalMs;
      const nowMs = Date.now;
      this.#metrics = new PeriodicMetricExporter({
        ...outlet,
        registry,
        resource,
        intervalMs,
        nowMs,
        temporality: config.temporality,
        encode: (metrics) =>
          cost.exporting(() => OTLP_ENCODERS.metrics[outlet.target.encoding](metrics)),
      });
      this.#metrics.start();
      const metrics = this.#metrics;
      this.#last.push({ ...outlet, take: () => [metrics.takeEncoded()] });
    }
  }

  /** Sends everything that waits, now. */
  async flush(): Promise<void> {
    await this.#client.hold(() =>
      Promise.all([this.spans?.flush(), this.logs?.flush(), this.#metrics?.flush()]),
    );
  }

  /** Sends everything a last time, for at most `timeoutMs`, and closes the connections. */
  async close(timeoutMs: number): Promise<void> {
    const limit = new AbortController();
    await this.#client.hold(() =>
      Promise.race([
        Promise.all([this.spans?.close(), this.logs?.close(), this.#metrics?.close()]),
        pause(timeoutMs, undefined, { signal: limit.signal }).catch(() => undefined),
      ]),
    );
    limit.abort();
    this.#client.close();
  }

  /**
   * Everything that waits, as requests that somebody else sends: an ending process cannot. Signals
   * whose last export failed are left out; what is under way is not sent twice.
   */
  lastPosts(): OtlpPost[] {
    return this.#last.flatMap(({ target, health, take }) => {
      if (health.isFailing) return [];
      return take().map((body) =>
        otlpPost(target, target.isCompressed ? nodeZlib().gzipSync(body) : body),
      );
    });
  }

  #batches<T>(
    signal: "traces" | "logs",
    limits: TelemetryConfig["spanLimits"],
    encode: (items: readonly T[]) => Uint8Array,
  ): BatchExporter<T> | undefined {
    const outlet = this.#outlet(signal);
    if (outlet === undefined) return undefined;
    const exporter = new BatchExporter<T>({ ...outlet, limits, encode });
    this.#last.push({ ...outlet, take: () => exporter.takeEncoded() });
    this.#meter
      .createObservableUpDownCounter("avx.sdk.export.queue", {
        unit: "{item}",
        description: "Items that wait to be exported.",
      })
      .addCallback((result) => result.observe(exporter.queueLength, { signal }));
    return exporter;
  }

  #outlet(signal: OtlpSignal): Outlet | undefined {
    const { config, report } = this.#options;
    const target = config.targets[signal];
    if (config.isDisabled || target === undefined) return undefined;
    return {
      target,
      sender: new OtlpSender(
        { signal, ...target, exportTimeoutMs: this.#exportTimeoutMs(signal) },
        this.#ports(target),
      ),
      statistics: exportStatistics(this.#meter, signal),
      health: new ExportHealth(signal, report),
    };
  }

  #exportTimeoutMs(signal: OtlpSignal): number {
    const { spanLimits, logLimits, metricExportTimeoutMs } = this.#options.config;
    const limits = { traces: spanLimits, logs: logLimits };
    return signal === "metrics" ? metricExportTimeoutMs : limits[signal].exportTimeoutMs;
  }

  #ports(target: SignalTarget): SenderPorts {
    return {
      compress: gzipped,
      attempt: (body, limitMs) => this.#client.send(target, body, limitMs),
      wait: (ms, signal) =>
        pause(ms, undefined, { signal, ref: false }).then(
          () => undefined,
          () => undefined,
        ),
      random: Math.random,
      nowMs: () => performance.now(),
    };
  }
}
