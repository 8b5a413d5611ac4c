import {
  isStaleAt,
  type Labels,
  labelsToRecord,
  labelValue,
  type Matcher,
  METRIC_NAME,
  type PackedSeries,
  serviceOf,
} from "@avx/model";
import { compileMatcher } from "@avx/promql";
import { SERVICE_LABEL } from "@avx/sre";
import type { MetricBatch, MetricStore } from "@avx/store";
import { createSampleQueue } from "./sample-queue.ts";
import { freshTrust, type Hold, holdBy, observeArrival, type TrustState } from "./series-trust.ts";
import type { WatchedSeries } from "./series-watch.ts";
import type { SampleColumns } from "./watch-messages.ts";
import type { WatchRegistry } from "./watch-registry.ts";

/** Hears what was appended; never makes an append wait. */
export interface DetectionTap {
  /** The store's append, which tells the tap once samples are stored. */
  readonly append: MetricStore["append"];
  /** Takes out the samples of watched series that have come. */
  takeSamples(): SampleColumns;
  /** Takes out the services of whose golden signals new samples have come. */
  takeServices(): ReadonlySet<string>;
  /** The usual distance of a service's samples; undefined before it is known. */
  cadenceMs(service: string): number | undefined;
  /** Time of a service's newest sample; undefined for one that was not heard since the start. */
  heardMs(service: string): number | undefined;
  /** Why a finding on a golden signal of this service must be held; undefined: it need not. */
  holdOf(service: string): Hold | undefined;
  /** Samples that found the queue full, since the start. */
  readonly dropped: number;
  /** Called when there are samples to take out, once until they are. */
  onSamples: () => void;
  /** Called when there are services to take out, once until they are. */
  onServices: () => void;
}

/** Where samples go, and which series are watched directly besides the golden signals. */
export interface DetectionTapOptions {
  readonly append: MetricStore["append"];
  readonly selectors: readonly (readonly Matcher[])[];
  /** Takes in the series that are watched directly. */
  readonly registry: WatchRegistry;
}

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

/** A series that says something of the golden signals of a service. */
interface SignalTarget {
  readonly service: string;
  readonly identity: string;
}

type Target = SignalTarget | { readonly id: number } | "ignored";

/** A tap on the store's append. */
export function createDetectionTap(options: DetectionTapOptions): DetectionTap {
  const targetOf = createTargetLookup(options);
  let services = new Set<string>();
  const samples = createSampleQueue();
  const paces = createPaces();
  /** Lists of labels none of which is a target: a steady sender's list comes again as it is. */
  const unheard = new WeakSet<readonly Labels[]>();

  /** Returns whether anybody wants samples of this series. */
  const take = (labels: Labels, timestampMs: number, value: number): boolean => {
    const target = targetOf(labels);
    if (target === "ignored") return false;
    if ("service" in target) {
      if (services.size < MAX_SERVICES) services.add(target.service);
      paces.learn(target, timestampMs);
    } else if (!samples.put(target.id, timestampMs, value)) {
      tap.dropped++;
    }
    return true;
  };
  const offerPacked = ({ labels: list, ends, timestampsMs, values }: PackedSeries): void => {
    if (unheard.has(list)) return;
    let ignored = 0;
    let i = 0;
    list.forEach((labels, row) => {
      const end = ends[row]!;
      let isIgnored = false;
      for (; i < end && !isIgnored; i++) {
        if (!isStaleAt(values, i)) isIgnored = !take(labels, timestampsMs[i]!, values[i]!);
      }
      if (isIgnored) ignored++;
      i = end;
    });
    if (ignored === list.length) unheard.add(list);
  };
  const offer = ({ series, packed }: MetricBatch): void => {
    const [hadSamples, hadServices] = [samples.length > 0, services.size > 0];
    for (const { labels, timestampsMs, values } of series) {
      for (let i = 0; i < values.length; i++) {
        // A stale marker says that a series has ended; it is no sample of it.
        if (!isStaleAt(values, i)) take(labels, timestampsMs[i]!, values[i]!);
      }
    }
    if (packed) offerPacked(packed);
    if (!hadSamples && samples.length > 0) tap.onSamples();
    if (!hadServices && services.size > 0) tap.onServices();
  };
  const tap = {
    dropped: 0,
    onSamples: (): void => {},
    onServices: (): void => {},
    append: async (batch: MetricBatch) => {
      const result = await options.append(batch);
      offer(batch);
      return result;
    },
    cadenceMs: paces.cadenceMs,
    heardMs: paces.heardMs,
    holdOf: paces.holdOf,
    takeSamples: samples.take,
    takeServices() {
      const taken = services;
      services = new Set();
      return taken;
    },
  };
  return tap;
}

/** Follows one series of a service: others may come at other moments. */
interface Pace {
  identity: string;
  lastMs: number;
  heardMs: number;
  readonly distancesMs: number[];
  readonly trust: TrustState;
}

/** The followed series has ended, as with a deployment, when others came for so many distances. */
const ENDED_AFTER_DISTANCES = 5;

function createPaces() {
  const paces = new Map<string, Pace>();
  const cadenceMs = (service: string): number | undefined => {
    const distancesMs = paces.get(service)?.distancesMs ?? [];
    return distancesMs.length < CADENCE_SAMPLES ? undefined : Math.min(...distancesMs);
  };
  return {
    learn({ service, identity }: SignalTarget, timestampMs: number): void {
      const pace = paces.get(service);
      if (pace === undefined) {
        if (paces.size >= MAX_SERVICES) return;
        const times = { lastMs: timestampMs, heardMs: timestampMs };
        paces.set(service, { identity, ...times, distancesMs: [], trust: freshTrust() });
        return;
      }
      pace.heardMs = Math.max(pace.heardMs, timestampMs);
      const elapsedMs = timestampMs - pace.lastMs;
      if (pace.identity !== identity) {
        const usualMs = cadenceMs(service) ?? Number.POSITIVE_INFINITY;
        if (elapsedMs <= ENDED_AFTER_DISTANCES * usualMs) return;
        pace.identity = identity;
      } else if (elapsedMs > 0) {
        observeArrival(pace.trust, elapsedMs, true);
        if (pace.distancesMs.length < CADENCE_SAMPLES) pace.distancesMs.push(elapsedMs);
      }
      pace.lastMs = Math.max(pace.lastMs, timestampMs);
    },
    heardMs: (service: string) => paces.get(service)?.heardMs,
    holdOf(service: string): Hold | undefined {
      const pace = paces.get(service);
      return pace && holdBy(pace.trust);
    },
    cadenceMs,
  };
}

/** Senders' labels are decoded once and come as the same object again: a look-up is one map access. */
function createTargetLookup({
  selectors,
  registry,
}: DetectionTapOptions): (labels: Labels) => Target {
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
    const entry = isWatched ? registry.watch(watchedSeries(labels, metric)) : undefined;
    if (entry !== undefined) return { id: entry.id };
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

/** A series that is watched itself. */
export function watchedSeries(labels: Labels, name: string): WatchedSeries {
  const service = serviceOf(labels);
  const others = Object.entries(labelsToRecord(labels))
    .filter(([label]) => label !== METRIC_NAME)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  const metric = `${name}{${others.join(",")}}`;
  const kind = COUNTER_NAME.test(name) ? "counter" : "gauge";
  return { key: `metric ${metric}`, service, signal: "metric", metric, unit: "1", kind };
}
