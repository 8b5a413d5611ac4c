import {
  compareLabels,
  type Exemplar,
  type LabelledSeries,
  type Labels,
  labelsKey,
  labelValue,
  type Matcher,
  type MetricMetadata,
  type TimeRange,
} from "@avx/model";
import type { SampleChanges, SelectionEstimate } from "@avx/promql";
import { exemplarsOf } from "../head/exemplar-ring.ts";
import { mergeColumns } from "../head/merge-columns.ts";
import { MetadataBook } from "../head/metadata-book.ts";
import type { ServiceArrivals } from "../head/service-arrivals.ts";
import type { AppendResult, HeadStats, MetricBatch, MetricStore, SeriesLimits } from "../store.ts";
import type { ForeignMetrics } from "./foreign-metrics.ts";

type Selectors = readonly (readonly Matcher[])[];

/** Another server in front of the same cluster: what it has not put into the cluster yet. */
export interface ClusterPeer {
  /** Its recent samples. Rejects when it does not answer in time. */
  select(
    matchers: readonly Matcher[],
    range: TimeRange,
    signal: AbortSignal,
  ): Promise<readonly LabelledSeries[]>;
  /** Label sets of its series, recent or not. */
  series(selectors: Selectors, range: TimeRange): Promise<readonly Labels[]>;
  metadata(): Promise<readonly MetricMetadata[]>;
  exemplars(selectors: Selectors, range: TimeRange): Promise<readonly Exemplar[]>;
  /** Deletes its samples, recent or not; resolves with its number when they are gone. */
  deleteSeries(selectors: Selectors, range: TimeRange): Promise<number>;
}

/** What the metrics of a cluster are put together of. */
export interface ClusterMetricsParts {
  readonly own: MetricStore;
  /** Of the other servers that have ever written, by their number. */
  readonly foreign: () => Iterable<ForeignMetrics>;
  readonly peers: readonly ClusterPeer[];
  /** Told when a peer did not answer: its recent samples are missing from an answer then. */
  readonly onPeerFailure: (error: unknown) => void;
}

/**
 * All servers' metrics: own head and blocks, the blocks of the others from the cluster, and their
 * recent samples from themselves. A sample that two of them have is there once.
 */
export class ClusterMetrics implements MetricStore {
  readonly #parts: ClusterMetricsParts;
  #mark = 0;

  constructor(parts: ClusterMetricsParts) {
    this.#parts = parts;
  }

  append(batch: MetricBatch): Promise<AppendResult> {
    return this.#parts.own.append(batch);
  }

  async select(
    matchers: readonly Matcher[],
    range: TimeRange,
    signal: AbortSignal,
  ): Promise<readonly LabelledSeries[]> {
    const { own, foreign, peers } = this.#parts;
    const lists = await Promise.all([
      ...Array.from(foreign(), (other) => other.select(matchers, range, signal)),
      ...peers.map((peer) => this.#fromPeer(peer.select(matchers, range, signal))),
      own.select(matchers, range, signal),
    ]);
    signal.throwIfAborted();
    return merged(lists.filter((list) => list.length > 0));
  }

  async #fromPeer<T>(asked: Promise<readonly T[]>): Promise<readonly T[]> {
    return asked.catch((error: unknown) => {
      this.#parts.onPeerFailure(error);
      return [];
    });
  }

  /** What is ours and what is in the cluster; what only peers have is small. */
  async estimate(matchers: readonly Matcher[], range: TimeRange): Promise<SelectionEstimate> {
    const { own, foreign } = this.#parts;
    const ofOwn = await own.estimate(matchers, range);
    const factor = 1 + [...foreign()].length;
    return { ...ofOwn, series: ofOwn.series * factor, samples: ofOwn.samples * factor };
  }

  async series(selectors: Selectors, range: TimeRange): Promise<readonly Labels[]> {
    const { own, foreign, peers } = this.#parts;
    const known = new Map<string, Labels>();
    const add = (labels: Labels): void => {
      known.set(labelsKey(labels), labels);
    };
    const questions = selectors.length > 0 ? selectors : [[]];
    const asked = [
      ...Array.from(foreign(), (other) =>
        questions.map((matchers) => other.series(matchers, range)),
      ).flat(),
      ...peers.map((peer) => this.#fromPeer(peer.series(selectors, range))),
    ];
    for (const list of await Promise.all([own.series(selectors, range), ...asked])) {
      for (const labels of list) add(labels);
    }
    return [...known.values()].sort(compareLabels);
  }

  async labelNames(selectors: Selectors, range: TimeRange): Promise<readonly string[]> {
    const names = new Set<string>();
    for (const labels of await this.series(selectors, range)) {
      for (let i = 0; i < labels.length; i += 2) names.add(labels[i]!);
    }
    return [...names].sort();
  }

  async labelValues(
    name: string,
    selectors: Selectors,
    range: TimeRange,
  ): Promise<readonly string[]> {
    const values = new Set<string>();
    for (const labels of await this.series(selectors, range)) values.add(labelValue(labels, name));
    values.delete("");
    return [...values].sort();
  }

  /** Ours first, then what peers know, then what others have put into the cluster. */
  async metadata(): Promise<ReadonlyMap<string, readonly MetricMetadata[]>> {
    const { own, foreign, peers } = this.#parts;
    const asked = peers.map((peer) => this.#fromPeer(peer.metadata()));
    const [ours, ...ofPeers] = await Promise.all([own.metadata(), ...asked]);
    const stored = Array.from(foreign(), ({ metadata }) => metadata.toReversed());
    const book = new MetadataBook();
    // The newest first; what is added last counts as the newest.
    book.add([...ours.values(), ...ofPeers, ...stored].flat().toReversed());
    return book.all();
  }

  /** Those of all servers, one that two of them have once. */
  async exemplars(selectors: Selectors, range: TimeRange): Promise<readonly Exemplar[]> {
    const { own, foreign, peers } = this.#parts;
    const asked = peers.map((peer) => this.#fromPeer(peer.exemplars(selectors, range)));
    const lists = await Promise.all([own.exemplars(selectors, range), ...asked]);
    const stored = Array.from(foreign(), ({ exemplars }) => exemplars);
    return exemplarsOf([...lists, ...stored].flat(), { selectors, range });
  }

  headStats(): HeadStats {
    return this.#parts.own.headStats();
  }

  arrivals(): readonly ServiceArrivals[] {
    return this.#parts.own.arrivals();
  }

  get seriesLimits(): SeriesLimits {
    return this.#parts.own.seriesLimits;
  }

  /** Others may have taken anything at any time: no answer is ever known to hold still. */
  changesSince(): SampleChanges {
    return { mark: ++this.#mark, earliestMs: -Infinity };
  }
}

/** Series of equal labels become one; the last list wins where two have a sample of one time. */
function merged(lists: readonly (readonly LabelledSeries[])[]): readonly LabelledSeries[] {
  const [only] = lists;
  if (only === undefined) return [];
  if (lists.length === 1) return [...only].sort((a, b) => compareLabels(a.labels, b.labels));
  const byKey = new Map<string, LabelledSeries[]>();
  for (const list of lists) {
    for (const series of list) {
      const key = labelsKey(series.labels);
      const known = byKey.get(key);
      if (known) known.push(series);
      else byKey.set(key, [series]);
    }
  }
  return [...byKey.values()]
    .map((parts) => ({ labels: parts[0]!.labels, ...mergeColumns(parts) }))
    .sort((a, b) => compareLabels(a.labels, b.labels));
}
