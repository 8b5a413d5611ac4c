import { compareLabels, type LabelledSeries } from "@avx/model";
import { mergeColumns } from "../head/merge-columns.ts";

/**
 * Older and newer samples as one answer: both lists are sorted by labels, and so is the result. Where
 * both have a sample of the same time the newer list's counts.
 */
export function continued(
  older: readonly LabelledSeries[],
  newer: readonly LabelledSeries[],
): LabelledSeries[] {
  const all: LabelledSeries[] = [];
  let k = 0;
  for (const series of newer) {
    let order = -1;
    for (; k < older.length; k++) {
      order = compareLabels(older[k]!.labels, series.labels);
      if (order >= 0) break;
      all.push(older[k]!);
    }
    const before = k < older.length && order === 0 ? older[k++] : undefined;
    const { labels } = series;
    all.push(before ? { labels, ...mergeColumns([before, series]) } : series);
  }
  return all.concat(older.slice(k));
}
