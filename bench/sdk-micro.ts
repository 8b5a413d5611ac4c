/**
 * What one measurement and one span cost in the SDK, beside prom-client in the same process, and
 * beside OpenTelemetry when BENCH_OTEL names a folder where its sdk-node is installed: bound and
 * labelled, 60 label sets of method, route and status, 14 buckets. Also the exposition of 10,000
 * histogram series. Cases run in turn for many short rounds; the least of each counts, for the machine
 * is shared. Prints one JSON line, nanoseconds an operation and milliseconds an exposition.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { initTelemetry } from "@avx/sdk";
import { Counter, Histogram, Registry } from "prom-client";

const ROUNDS = 100;
const ROUND_MS = 3;
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const EXPOSED_SERIES = 10_000;
const EXPOSITIONS = 12;

const NO_EXPORT = {
  OTEL_TRACES_EXPORTER: "none",
  OTEL_METRICS_EXPORTER: "none",
  OTEL_LOGS_EXPORTER: "none",
  // 10,000 histograms are more than the default lets the SDK hold.
  AVX_MEMORY_BUDGET_MB: "off",
};

const labelSets = ["GET", "POST", "PUT", "DELETE"].flatMap((method) =>
  ["/users/:id", "/orders", "/orders/:id", "/cart/:id/items", "/health"].flatMap((route) =>
    ["200", "404", "500"].map((status) => ({ method, route, status })),
  ),
);

/** Durations from 0.5 ms to 1.5 s, log-uniform, from a fixed seed. */
const durations = Float64Array.from({ length: 1024 }, (_, i) => {
  const random = (Math.imul(i + 1, 2_654_435_761) >>> 0) / 2 ** 32;
  return 0.0005 * Math.exp(8 * random);
});

type Case = (operations: number) => void;

function sdkCases(): Record<string, Case> {
  const telemetry = initTelemetry({ environment: NO_EXPORT, runtimeMetrics: false });
  const quiet = initTelemetry({
    environment: { ...NO_EXPORT, OTEL_TRACES_SAMPLER: "always_off" },
    runtimeMetrics: false,
  });
  const { metrics } = telemetry;
  const counter = metrics.createCounter("c");
  const explicit = metrics.createHistogram("h", { advice: { explicitBucketBoundaries: BUCKETS } });
  const exponential = metrics.createExponentialHistogram("e");
  const counters = labelSets.map((labels) => counter.bind(labels));
  const explicits = labelSets.map((labels) => explicit.bind(labels));
  const exponentials = labelSets.map((labels) => exponential.bind(labels));
  return {
    "the loop itself": each(() => undefined),
    "avx counter bound": each((set) => counters[set]!.add(1)),
    "avx counter labelled": each((set) => counter.add(1, labelSets[set]!)),
    "avx histogram bound": each((set, value) => explicits[set]!.record(value)),
    "avx histogram labelled": each((set, value) => explicit.record(value, labelSets[set]!)),
    "avx exponential bound": each((set, value) => exponentials[set]!.record(value)),
    "avx span sampled": each(() => span(telemetry)),
    "avx span unsampled": each(() => span(quiet)),
  };
}

function span({ tracer }: Pick<ReturnType<typeof initTelemetry>, "tracer">): void {
  const started = tracer.startSpan("GET /x", {
    attributes: { "http.request.method": "GET", "url.path": "/x" },
  });
  started.setAttribute("http.response.status_code", 200);
  started.end();
}

function rivalCases(): Record<string, Case> {
  const registers = [new Registry()];
  const labelNames = ["method", "route", "status"] as const;
  const counter = new Counter({ name: "c", help: "c", labelNames, registers });
  const histogram = new Histogram({
    name: "h",
    help: "h",
    labelNames,
    buckets: BUCKETS,
    registers,
  });
  const children = labelSets.map((labels) => histogram.labels(labels));
  return {
    "prom-client counter labelled": each((set) => counter.inc(labelSets[set]!, 1)),
    "prom-client histogram labelled": each((set, value) =>
      histogram.observe(labelSets[set]!, value),
    ),
    "prom-client histogram child": each((set, value) => children[set]!.observe(value)),
  };
}

/** Spans are batched and handed to an exporter that takes them; nothing collects the metrics. */
function openTelemetryCases(): Record<string, Case> {
  const folder = process.env["BENCH_OTEL"];
  if (folder === undefined) return {};
  const load = createRequire(join(folder, "/"));
  const traces = load("@opentelemetry/sdk-trace");
  const { MeterProvider, MetricReader } = load("@opentelemetry/sdk-metrics");
  class Reader extends MetricReader {
    onShutdown = async (): Promise<void> => {};
    onForceFlush = async (): Promise<void> => {};
  }
  const meter = new MeterProvider({ readers: [new Reader()] }).getMeter("bench");
  const counter = meter.createCounter("c");
  const histogram = meter.createHistogram("h", { advice: { explicitBucketBoundaries: BUCKETS } });
  const exporter = {
    export: (_spans: unknown, done: (result: object) => void) => done({ code: 0 }),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const tracing = (sampler: object) => {
    const spanProcessors = [new traces.BatchSpanProcessor(exporter, { maxQueueSize: 2048 })];
    return { tracer: new traces.TracerProvider({ sampler, spanProcessors }).getTracer("bench") };
  };
  const sampled = tracing(new traces.AlwaysOnSampler());
  const unsampled = tracing(new traces.AlwaysOffSampler());
  return {
    "OpenTelemetry counter": each((set) => counter.add(1, labelSets[set]!)),
    "OpenTelemetry histogram": each((set, value) => histogram.record(value, labelSets[set]!)),
    "OpenTelemetry span sampled": each(() => span(sampled)),
    "OpenTelemetry span unsampled": each(() => span(unsampled)),
  };
}

/** A loop over all label sets and durations. */
function each(operation: (set: number, duration: number) => void): Case {
  return (operations) => {
    for (let i = 0; i < operations; i++) operation(i % labelSets.length, durations[i & 1023]!);
  };
}

function nanosEach(run: Case, operations: number): number {
  const start = process.hrtime.bigint();
  run(operations);
  return Number(process.hrtime.bigint() - start) / operations;
}

function measureInTurn(cases: Record<string, Case>): Record<string, number> {
  const sizes = new Map<string, number>();
  const best = new Map<string, number>();
  for (const [name, run] of Object.entries(cases)) {
    run(20_000);
    sizes.set(name, Math.max(1000, Math.round((ROUND_MS * 1e6) / nanosEach(run, 20_000))));
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(cases)) {
      const nanos = nanosEach(run, sizes.get(name) ?? 1000);
      best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, nanos));
    }
  }
  return Object.fromEntries([...best].map(([name, nanos]) => [name, rounded(nanos)]));
}

/** The text as the bytes that are sent: a text that was only put together is not flat yet. */
async function leastMs(work: () => Promise<string>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < EXPOSITIONS; i++) {
    const start = performance.now();
    Buffer.from(await work());
    least = Math.min(least, performance.now() - start);
  }
  return rounded(least);
}

async function measureExposition(): Promise<Record<string, number>> {
  const telemetry = initTelemetry({ environment: NO_EXPORT, runtimeMetrics: false });
  const register = new Registry();
  const labelNames = ["method", "route", "status"] as const;
  const rival = new Histogram({
    name: "h",
    help: "h",
    labelNames,
    buckets: BUCKETS,
    registers: [register],
  });
  // 2000 sets an instrument is the limit: eight instruments of ours hold what one of theirs does.
  for (let i = 0; i < EXPOSED_SERIES; i++) {
    const own = telemetry.metrics.createHistogram(`h${i % 8}`, {
      advice: { explicitBucketBoundaries: BUCKETS },
    });
    const labels = { method: "GET", route: `/route/${i}`, status: "200" };
    for (let k = 0; k < 8; k++) {
      const value = durations[(i + k * 131) & 1023]!;
      own.record(value, labels);
      rival.observe(labels, value);
    }
  }
  return {
    "avx text of 10,000 histograms, ms": await leastMs(
      async () => (await telemetry.renderMetrics()).text,
    ),
    "prom-client text of 10,000 histograms, ms": await leastMs(() => register.metrics()),
  };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

const nanos = measureInTurn({ ...sdkCases(), ...rivalCases(), ...openTelemetryCases() });
const exposition = await measureExposition();
const ratio = (rival: string, own: string): number =>
  rounded((nanos[rival] ?? Number.NaN) / (nanos[own] ?? Number.NaN));
console.log(
  JSON.stringify({
    "ns an operation": nanos,
    exposition,
    "times faster than prom-client": {
      "histogram bound": ratio("prom-client histogram labelled", "avx histogram bound"),
      "histogram labelled": ratio("prom-client histogram labelled", "avx histogram labelled"),
      "counter bound": ratio("prom-client counter labelled", "avx counter bound"),
      exposition: rounded(
        exposition["prom-client text of 10,000 histograms, ms"]! /
          exposition["avx text of 10,000 histograms, ms"]!,
      ),
    },
    ...("OpenTelemetry counter" in nanos && {
      "times faster than OpenTelemetry": {
        "counter labelled": ratio("OpenTelemetry counter", "avx counter labelled"),
        "histogram labelled": ratio("OpenTelemetry histogram", "avx histogram labelled"),
        "span sampled": ratio("OpenTelemetry span sampled", "avx span sampled"),
        "span unsampled": ratio("OpenTelemetry span unsampled", "avx span unsampled"),
      },
    }),
  }),
);
