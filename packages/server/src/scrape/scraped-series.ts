import {
  type Exemplar,
  type Labels,
  labelsFromPairs,
  labelsKey,
  labelValue,
  METRIC_NAME,
  type MetricMetadata,
  withLabel,
} from "@avx/model";
import type { Exposition, ExpositionSample } from "@avx/wire";
import { labelFault } from "../ingest/acceptable-series.ts";
import { relabel } from "./relabel.ts";
import { SampleCollector } from "./sample-collector.ts";
import type { ScrapeJob, ScrapeLimits } from "./scrape-config.ts";

/** What a page says once relabelled and checked, ready for the store. */
export interface ScrapedPage {
  readonly samples: SampleCollector;
  readonly exemplars: readonly Exemplar[];
  readonly metadata: readonly MetricMetadata[];
  /** Lines with a sample, and those left after relabelling. */
  readonly total: number;
  readonly kept: number;
  /** Series that the scrape before did not have. */
  readonly added: number;
  /** Why the page counts for nothing; "" when it counts. */
  readonly fault: string;
}

interface KnownSeries {
  readonly labels: Labels;
  readonly key: string;
}

type JobRules = Pick<
  ScrapeJob,
  "honorLabels" | "honorTimestamps" | "trackTimestampsStaleness" | "metricRelabelRules" | "limits"
>;

/**
 * What one target brought so far: turns pages into samples with the target's labels, and knows which
 * series ended, so that they get a stale marker.
 */
export class ScrapedSeries {
  readonly #rules: JobRules;
  readonly #target: Labels;
  /** By the labels on the page; "dropped" by relabelling. */
  #known = new Map<string, KnownSeries | "dropped">();
  /** Series that a stale marker ends once they are no more on the page. */
  #live = new Map<string, Labels>();

  constructor(rules: JobRules, target: Labels, before?: ScrapedSeries) {
    this.#rules = rules;
    this.#target = target;
    if (before !== undefined) this.#live = before.#live;
  }

  /** The samples of a page, and stale markers of the series that were there before and are gone. */
  take({ samples, metadata }: Exposition, timeMs: number): ScrapedPage {
    const collector = new SampleCollector();
    const exemplars: Exemplar[] = [];
    const known = new Map<string, KnownSeries | "dropped">();
    const live = new Map<string, Labels>();
    const seen = new Set<string>();
    let kept = 0;
    let added = 0;
    let fault = "";
    for (const sample of samples) {
      const raw = labelsKey(sample.labels);
      const before = this.#known.get(raw) ?? known.get(raw);
      const series = before ?? this.#adopt(sample.labels);
      known.set(raw, series);
      if (series === "dropped") continue;
      kept++;
      if (before === undefined) {
        added++;
        fault ||= limitFault(series.labels, this.#rules.limits);
      }
      const explicitMs = this.#rules.honorTimestamps ? sample.timestampMs : undefined;
      const atMs = explicitMs ?? timeMs;
      // Of two samples of one series at one time Prometheus keeps the first.
      if (seen.size === seen.add(`${atMs} ${series.key}`).size) continue;
      if (explicitMs === undefined || this.#rules.trackTimestampsStaleness) {
        live.set(series.key, series.labels);
      }
      addSample(collector, { sample, labels: series.labels, atMs });
      addExemplar(exemplars, { sample, labels: series.labels, atMs });
    }
    const { samples: limit } = this.#rules.limits;
    if (limit > 0 && kept > limit) fault ||= `sample_limit of ${limit} exceeded: ${kept} samples`;
    if (fault !== "") {
      return { ...this.end(timeMs), total: samples.length, kept, fault };
    }
    this.#markEnded(collector, live, timeMs);
    this.#known = known;
    this.#live = live;
    return { samples: collector, exemplars, metadata, total: samples.length, kept, added, fault };
  }

  /** Stale markers for everything that was there: the scrape failed or the target is gone. */
  end(timeMs: number): ScrapedPage {
    const samples = new SampleCollector();
    this.#markEnded(samples, new Map(), timeMs);
    this.#live = new Map();
    this.#known = new Map();
    return { samples, exemplars: [], metadata: [], total: 0, kept: 0, added: 0, fault: "" };
  }

  #markEnded(collector: SampleCollector, live: ReadonlyMap<string, Labels>, timeMs: number): void {
    for (const [key, labels] of this.#live) if (!live.has(key)) collector.addStale(labels, timeMs);
  }

  #adopt(page: Labels): KnownSeries | "dropped" {
    const merged = mergeLabels(page, this.#target, this.#rules.honorLabels);
    const labels = relabel(merged, this.#rules.metricRelabelRules);
    if (labels === undefined || labelValue(labels, METRIC_NAME) === "") return "dropped";
    return { labels, key: labelsKey(labels) };
  }
}

/** The labels of a series on a page together with those of its target. */
export function mergeLabels(page: Labels, target: Labels, honorLabels: boolean): Labels {
  const merged = new Map<string, string>();
  for (let i = 0; i < page.length; i += 2) merged.set(page[i]!, page[i + 1]!);
  for (let i = 0; i < target.length; i += 2) {
    const name = target[i]!;
    const own = merged.get(name);
    if (own !== undefined && honorLabels) continue;
    merged.set(name, target[i + 1]!);
    if (own === undefined) continue;
    let moved = `exported_${name}`;
    while (merged.has(moved) || labelValue(target, moved) !== "") moved = `exported_${moved}`;
    merged.set(moved, own);
  }
  return labelsFromPairs(merged);
}

/** A series about the scrape itself, such as `up`. */
export function reportLabels(name: string, target: Labels): Labels {
  return withLabel(target, METRIC_NAME, name);
}

function limitFault(labels: Labels, limits: ScrapeLimits): string {
  const count = labels.length / 2;
  if (limits.labels > 0 && count > limits.labels) {
    return `label_limit of ${limits.labels} exceeded: ${count} labels`;
  }
  for (let i = 0; i < labels.length; i += 2) {
    const name = labels[i]!;
    if (limits.labelNameBytes > 0 && Buffer.byteLength(name) > limits.labelNameBytes) {
      return `label_name_length_limit of ${limits.labelNameBytes} exceeded by ${name}`;
    }
    const bytes = Buffer.byteLength(labels[i + 1]!);
    if (limits.labelValueBytes > 0 && bytes > limits.labelValueBytes) {
      return `label_value_length_limit of ${limits.labelValueBytes} exceeded by label ${name}`;
    }
  }
  return labelFault(labels) ?? "";
}

/** A sample with what its target and the rules made of its labels, and its time. */
interface TakenSample {
  readonly sample: ExpositionSample;
  readonly labels: Labels;
  readonly atMs: number;
}

function addSample(collector: SampleCollector, { sample, labels, atMs }: TakenSample): void {
  const { value, histogram, startTimestampMs = 0 } = sample;
  if (histogram) {
    collector.addHistogram(labels, histogram, { timestampMs: atMs, startTimestampMs });
    return;
  }
  collector.add(labels, atMs, value);
  if (startTimestampMs !== 0) collector.setStart(startTimestampMs);
}

function addExemplar(exemplars: Exemplar[], { sample, labels, atMs }: TakenSample): void {
  const { exemplar } = sample;
  if (exemplar === undefined || labelFault(exemplar.labels) !== undefined) return;
  const { value, timestampMs = atMs } = exemplar;
  exemplars.push({ seriesLabels: labels, labels: exemplar.labels, value, timestampMs });
}
