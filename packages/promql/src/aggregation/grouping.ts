import {
  dropLabels,
  EMPTY_LABELS,
  keepLabels,
  type Labels,
  labelsKey,
  METRIC_NAME,
} from "@avx/model";
import type { SeriesColumn } from "../evaluator/value.ts";

/** The series that are aggregated into one. */
export interface SeriesGroup {
  readonly labels: Labels;
  readonly members: readonly SeriesColumn[];
}

/** `by (...)` or `without (...)`. */
export interface Grouping {
  readonly grouping: readonly string[];
  readonly without: boolean;
}

/** The labels of the group that a series belongs to. */
export function groupLabels({ grouping, without }: Grouping): (labels: Labels) => Labels {
  if (!without && grouping.length === 0) return () => EMPTY_LABELS;
  const names = new Set(without ? [...grouping, METRIC_NAME] : grouping);
  return without ? (labels) => dropLabels(labels, names) : (labels) => keepLabels(labels, names);
}

/** Divides series into groups, in the order in which each group is first met. */
export function groupSeries(series: readonly SeriesColumn[], by: Grouping): SeriesGroup[] {
  const labelsOf = groupLabels(by);
  const groups = new Map<string, { labels: Labels; members: SeriesColumn[] }>();
  for (const one of series) {
    const labels = labelsOf(one.labels);
    const key = labelsKey(labels);
    const group = groups.get(key);
    if (group) group.members.push(one);
    else groups.set(key, { labels, members: [one] });
  }
  return [...groups.values()];
}
