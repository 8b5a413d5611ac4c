import { type Labels, labelsToRecord, labelValue, type Matcher, METRIC_NAME } from "@avx/model";
import { compileMatcher } from "@avx/promql";
import { SERVICE_LABEL } from "@avx/sre";
import type { MetricBatch, MetricStore } from "@avx/store";
import type { SignalValue } from "./relevance.ts";
import type { WatchedSeries } from "./series-watch.ts";

/** A sample of a series that is watched directly. */
export interface TappedSample extends SignalValue {
  readonly series: WatchedSeries;
}

/** What passed the tap since it was last emptied. */
export interface TappedSamples {
  /** Services of whose golden signals new samples came. */
  readonly services: ReadonlySet<string>;
  readonly samples: readonly TappedSample[];
}

/** Hears what was appended; never makes an append wait. */
export interface DetectionTap {
  /** The store's append, which tells the tap once samples are stored. */
  readonly append: MetricStore["append"];
  /** Takes out everything that has come. */
  drain(): TappedSamples;
  /** The usual distance of a service's samples; undefined before it is known. */
  cadenceMs(service: string): number | undefined;
  /** Samples that found the queue full, since the start. */
  readonly dropped: number;
  /** Called, at most once for each `drain`, when there is something to take out. */
  onArrival: () => void;
}

/** Where samples go, and which series are watched directly besides the golden signals. */
export interface DetectionTapOptions {
  readonly append: MetricStore["append"];
  readonly selectors: readonly (readonly Matcher[])[];
}

/** Two seconds of 20,000 samples a second that are all watched: 3 MB. */
const MAX_QUEUED = 40_000;
const MAX_SERVICES = 10_000;
/** Whose samples say that golden signals can be read anew. */
const SIGNAL_METRICS = new Set([
  "http_server_request_duration_seconds_count",
  "nodejs_eventloop_utilization_ratio",
]);
/** What this detection writes must not be watched by it. */
const OWN_METRICS = /^avx_(anomaly_score|expected_(lower|upper))$/;
const COUNTER_NAME = /_(total|count|sum|bucket)$/;

/** Distances of samples from which a cadence is known. */
const CADENCE_SAMPLES = 4;

type Target =
  | { readonly service: string; readonly identity: string }
  | { readonly watched: WatchedSeries }
  | "ignored";

/** A tap on the store's append. */
export function createDetectionTap(options: DetectionTapOptions): DetectionTap {
  const targetOf = createTargetLookup(options.selectors);
  let services = new Set<string>();
  let samples: TappedSample[] = [];
  let isAnnounced = false;
  const cadences = new Map<string, Cadence>();

  const learnCadence = (service: string, identity: string, timestampMs: number): void => {
    const cadence = cadences.get(service);
    if (cadence === undefined) {
      if (cadences.size < MAX_SERVICES) {
        cadences.set(service, { identity, lastMs: timestampMs, distancesMs: [] });
      }
      return;
    }
    if (cadence.identity !== identity || cadence.distancesMs.length >= CADENCE_SAMPLES) return;
    if (timestampMs > cadence.lastMs) cadence.distancesMs.push(timestampMs - cadence.lastMs);
    cadence.lastMs = timestampMs;
  };

  const take = (labels: Labels, timestampMs: number, value: number): void => {
    const target = targetOf(labels);
    if (target === "ignored") return;
    if ("service" in target) {
      if (services.size < MAX_SERVICES) services.add(target.service);
      learnCadence(target.service, target.identity, timestampMs);
    } else if (samples.length < MAX_QUEUED) {
      samples.push({ series: target.watched, timestampMs, value });
    } else {
      tap.dropped++;
    }
  };
  const offer = ({ series, packed }: MetricBatch): void => {
    for (const { labels, timestampsMs, values } of series) {
      for (let i = 0; i < values.length; i++) take(labels, timestampsMs[i]!, values[i]!);
    }
    let i = 0;
    packed?.labels.forEach((labels, row) => {
      for (const end = packed.ends[row]!; i < end; i++) {
        take(labels, packed.timestampsMs[i]!, packed.values[i]!);
      }
    });
    if (isAnnounced || (services.size === 0 && samples.length === 0)) return;
    isAnnounced = true;
    tap.onArrival();
  };
  const tap = {
    dropped: 0,
    onArrival: (): void => {},
    append: async (batch: MetricBatch) => {
      const result = await options.append(batch);
      offer(batch);
      return result;
    },
    cadenceMs(service: string) {
      const distancesMs = cadences.get(service)?.distancesMs ?? [];
      return distancesMs.length < CADENCE_SAMPLES ? undefined : Math.min(...distancesMs);
    },
    drain() {
      const drained = { services, samples };
      services = new Set();
      samples = [];
      isAnnounced = false;
      return drained;
    },
  };
  return tap;
}

/** Follows one series of a service: others may come at other moments. */
interface Cadence {
  readonly identity: string;
  lastMs: number;
  readonly distancesMs: number[];
}

/** Senders' labels are decoded once and come as the same object again: a look-up is one map access. */
function createTargetLookup(
  selectors: readonly (readonly Matcher[])[],
): (labels: Labels) => Target {
  const known = new WeakMap<Labels, Target>();
  const tests = selectors.map((matchers) =>
    matchers.map(({ name, ...matcher }) => ({ name, test: compileMatcher({ name, ...matcher }) })),
  );
  const find = (labels: Labels): Target => {
    const metric = labelValue(labels, METRIC_NAME);
    if (OWN_METRICS.test(metric)) return "ignored";
    const isWatched = tests.some((ofSelector) =>
      ofSelector.every(({ name, test }) => test(labelValue(labels, name))),
    );
    if (isWatched) return { watched: watchedSeries(labels, metric) };
    const service = labelValue(labels, SERVICE_LABEL);
    const isSignal = service !== "" && SIGNAL_METRICS.has(metric);
    return isSignal ? { service, identity: labels.join("\0") } : "ignored";
  };
  return (labels) => {
    const cached = known.get(labels);
    if (cached !== undefined) return cached;
    const found = find(labels);
    known.set(labels, found);
    return found;
  };
}

function watchedSeries(labels: Labels, name: string): WatchedSeries {
  const service = labelValue(labels, SERVICE_LABEL) || labelValue(labels, "job");
  const others = Object.entries(labelsToRecord(labels))
    .filter(([label]) => label !== METRIC_NAME)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  const metric = `${name}{${others.join(",")}}`;
  const kind = COUNTER_NAME.test(name) ? "counter" : "gauge";
  return { key: `metric ${metric}`, service, signal: "metric", metric, unit: "1", kind };
}
