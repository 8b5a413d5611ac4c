import { initTelemetry, type MetricsPage, type Telemetry } from "@avx/sdk";
import type { ServiceArrivals, Store } from "@avx/store";
import type { IngestCounters } from "../ingest/ingest-request.ts";

/** The server's own telemetry, kept in the process and shown at `/metrics`. */
export interface SelfMetrics {
  readonly ingest: IngestCounters;
  /** Plugin that times every request of a Fastify app. */
  readonly requests: ReturnType<Telemetry["middleware"]["fastify"]>;
  /** A request that was answered with an error, by its code; those of the ingest doors apart. */
  refused(code: string): void;
  anomalyFound(signal: string): void;
  /** A finding that was not shown, by why: `muted`, `over-budget`. */
  anomalyWithheld(reason: string): void;
  /** Shows the state of detection; called once. */
  observeDetection(read: DetectionState): void;
  documentsWritten(count: number): void;
  render(accept: string | undefined): Promise<MetricsPage>;
  stop(): Promise<void>;
}

/** What detection tells of itself when somebody asks. */
export interface DetectionState {
  readonly watches: () => number;
  readonly dropped: () => number;
}

/** What can be wrong with the samples of a service. */
type ArrivalFault = Exclude<keyof ServiceArrivals, "service">;

/** Services named one by one: the worst, so that many services do not fill the page. */
const MAX_OFFENDERS = 100;

/** Nothing is exported: whoever wants these metrics scrapes them. */
const NO_EXPORT = {
  OTEL_METRICS_EXPORTER: "none",
  OTEL_TRACES_EXPORTER: "none",
  OTEL_LOGS_EXPORTER: "none",
  OTEL_TRACES_SAMPLER: "always_off",
};

/** Makes the server's instruments; the store's state is read when somebody asks. */
export function createSelfMetrics(store: Store): SelfMetrics {
  const telemetry = initTelemetry({ serviceName: "avx-server", environment: NO_EXPORT });
  const { metrics } = telemetry;
  observeStore(telemetry, store);
  const counter = (name: string, description: string) =>
    metrics.createCounter(name, { description });
  const accepted = counter("avx.ingest.accepted", "Points, spans and log records taken.");
  const rejected = counter(
    "avx.rejected",
    "Items of accepted requests that were not taken, by reason.",
  );
  const refused = counter("avx.ingest.refused", "Requests refused as a whole, by error code.");
  const requests = counter("avx.requests.refused", "Requests answered with an error, by code.");
  const anomalies = counter("avx.anomalies", "Findings of the detectors, by golden signal.");
  const withheld = counter("avx.anomalies.withheld", "Findings that were not shown, by reason.");
  const documents = counter("avx.documents.written", "Metric documents written.");
  return {
    ingest: {
      accepted: (signal, items) => accepted.add(items, { signal }),
      rejected: (signal, reason, items) => rejected.add(items, { signal, reason }),
      refused: (signal, code) => refused.add(1, { signal, code }),
    },
    requests: telemetry.middleware.fastify(),
    refused: (code) => requests.add(1, { code }),
    anomalyFound: (signal) => anomalies.add(1, { signal }),
    anomalyWithheld: (reason) => withheld.add(1, { reason }),
    observeDetection: (state) => observeDetection(telemetry, state),
    documentsWritten: (count) => documents.add(count),
    render: (accept) => telemetry.renderMetrics(accept),
    stop: () => telemetry.shutdown(),
  };
}

function observeStore({ metrics }: Telemetry, store: Store): void {
  const gauge = (name: string, description: string, read: () => number): void => {
    metrics
      .createObservableGauge(name, { description })
      .addCallback((result) => result.observe(read()));
  };
  gauge("avx.head.series", "Series in the in-memory head.", () => store.health().headSeries);
  gauge("avx.head.samples", "Samples in the in-memory head.", () => store.health().headSamples);
  const buffers = "Bytes outside of the heap: samples, and bodies and answers under way.";
  metrics
    .createObservableGauge("avx.array.buffers", { description: buffers, unit: "By" })
    .addCallback((result) => result.observe(process.memoryUsage().arrayBuffers));
  gauge("avx.store.ready", "1 while the store answers everything.", () =>
    Number(store.health().ready),
  );
  gauge(
    "avx.store.engine.parked",
    "1 while the engine's process is ended, as nobody needs it.",
    () => Number(store.health().engineParked),
  );
  const count = (name: string, description: string, read: () => number): void => {
    metrics
      .createObservableCounter(name, { description })
      .addCallback((result) => result.observe(read()));
  };
  count(
    "avx.store.engine.restarts",
    "Restarts of the engine's child process.",
    () => store.health().engineRestarts,
  );
  count(
    "avx.store.engine.wakes",
    "Starts of the engine's child process after it was parked.",
    () => store.health().engineWakes,
  );
  const arrivals = (name: string, description: string, what: ArrivalFault): void => {
    metrics.createObservableCounter(name, { description }).addCallback((result) => {
      const found = store.metrics.arrivals().filter((arrival) => arrival[what] > 0);
      for (const arrival of found.sort((a, b) => b[what] - a[what]).slice(0, MAX_OFFENDERS)) {
        result.observe(arrival[what], { service: arrival.service });
      }
    });
  };
  arrivals("avx.samples.refused", "Samples of series beyond a limit, by service.", "refused");
  arrivals("avx.samples.duplicate", "Samples that replaced one of the same time.", "duplicates");
  arrivals("avx.samples.late", "Samples that came after a newer one of their series.", "late");
}

function observeDetection({ metrics }: Telemetry, { watches, dropped }: DetectionState): void {
  metrics
    .createObservableGauge("avx.anomaly.watches", { description: "Series with a detector." })
    .addCallback((result) => result.observe(watches()));
  metrics
    .createObservableCounter("avx.anomaly.dropped", {
      description: "Samples that found the queue of the detectors full.",
    })
    .addCallback((result) => result.observe(dropped()));
}
