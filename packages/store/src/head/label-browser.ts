import { compareLabels, type Labels, labelValue, type Matcher, type TimeRange } from "@avx/model";
import type { Head } from "./head.ts";
import type { HeadSeries } from "./head-series.ts";

/** What the questions of the label browser have in common. */
export interface LabelQuestion {
  /** A series is in the answer when one of them matches; none asks for all series. */
  readonly selectors: readonly (readonly Matcher[])[];
  readonly range: TimeRange;
}

function seriesOf(head: Head, { selectors, range }: LabelQuestion): Set<HeadSeries> {
  const asked = selectors.length === 0 ? [[]] : selectors;
  return new Set(asked.flatMap((matchers) => head.matching(matchers, range)));
}

/** Label sets of the series, sorted. */
export function browseSeries(head: Head, question: LabelQuestion): Labels[] {
  return [...seriesOf(head, question)].map(({ labels }) => labels).sort(compareLabels);
}

/** Names of the labels that the series have, sorted. */
export function browseLabelNames(head: Head, question: LabelQuestion): string[] {
  const names = new Set<string>();
  for (const { labels } of seriesOf(head, question)) {
    for (let i = 0; i < labels.length; i += 2) names.add(labels[i]!);
  }
  return [...names].sort();
}

/** Values of one label among the series, sorted; series without it add nothing. */
export function browseLabelValues(head: Head, name: string, question: LabelQuestion): string[] {
  const values = new Set<string>();
  for (const { labels } of seriesOf(head, question)) values.add(labelValue(labels, name));
  values.delete("");
  return [...values].sort();
}
