import { dropLabels, type Labels, labelsKey, labelValue, METRIC_NAME } from "@avx/model";
import { evaluationError } from "./evaluation-error.ts";
import type { QueryRun } from "./query-run.ts";
import {
  ABSENT,
  type ColumnWriter,
  copyStep,
  newColumn,
  type SeriesColumn,
  seriesOf,
} from "./value.ts";

/** Labels that say what a metric is; arithmetic on its values makes them untrue. */
const METADATA_LABELS: ReadonlySet<string> = new Set([METRIC_NAME, "__type__", "__unit__"]);

/** The labels without metric name, type and unit. */
export function withoutMetadata(labels: Labels): Labels {
  return dropLabels(labels, METADATA_LABELS);
}

/** The identity of a result whose metric name no longer holds: dropped now or at the end. */
export function derivedIdentity(labels: Labels, run: QueryRun) {
  if (run.options.delayedNameRemoval) return { labels, dropName: true };
  return { labels: withoutMetadata(labels), dropName: true };
}

/** The metric name for an annotation. */
export function metricName(labels: Labels): string {
  return labelValue(labels, METRIC_NAME);
}

const SAME_LABELSET = "vector cannot contain metrics with the same labelset";

/** Fails when two series have the same labels. */
export function assertDistinct(series: readonly SeriesColumn[]): void {
  if (series.length < 2) return;
  const seen = new Set<string>();
  for (const { labels } of series) {
    const key = labelsKey(labels);
    if (seen.has(key)) throw evaluationError(SAME_LABELSET);
    seen.add(key);
  }
}

/**
 * Puts series of the same labels together, which is right when they never have a sample at the same
 * step, and an error when they do.
 */
export function mergeSameLabels(series: readonly SeriesColumn[]): readonly SeriesColumn[] {
  if (series.length < 2) return series;
  const byKey = new Map<string, SeriesColumn>();
  for (const one of series) {
    const key = labelsKey(one.labels);
    const known = byKey.get(key);
    byKey.set(key, known ? merged(known, one) : one);
  }
  return byKey.size === series.length ? series : [...byKey.values()];
}

function merged(a: SeriesColumn, b: SeriesColumn): SeriesColumn {
  const column: ColumnWriter = newColumn(a.values.length);
  for (let i = 0; i < a.values.length; i++) {
    if (a.present[i] !== ABSENT && b.present[i] !== ABSENT) throw evaluationError(SAME_LABELSET);
    copyStep(column, a.present[i] === ABSENT ? b : a, i);
  }
  return seriesOf(column, a);
}

/**
 * What an instant-vector function gives: series of equal labels are merged. With delayed name
 * removal and a single step they may stay side by side until the names are dropped.
 */
export function collected(series: readonly SeriesColumn[], run: QueryRun): readonly SeriesColumn[] {
  if (run.options.delayedNameRemoval && run.steps.count === 1) return series;
  return mergeSameLabels(series);
}

/** Drops the metric names that were marked to go (delayed name removal). */
export function withNamesRemoved(series: readonly SeriesColumn[]): readonly SeriesColumn[] {
  if (!series.some(({ dropName }) => dropName)) return mergeSameLabels(series);
  return mergeSameLabels(
    series.map((one) =>
      one.dropName ? { ...one, labels: withoutMetadata(one.labels), dropName: false } : one,
    ),
  );
}
