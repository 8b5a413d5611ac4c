import { type Labels, labelsKey, withLabel } from "@avx/model";
import { evaluationError } from "../evaluator/evaluation-error.ts";
import { formatPlain } from "../evaluator/go-number.ts";
import { isLabelName } from "../evaluator/label-name.ts";
import type { AggregateNode } from "../evaluator/plan.ts";
import type { QueryRun } from "../evaluator/query-run.ts";
import {
  ABSENT,
  type ColumnWriter,
  HISTOGRAM,
  newColumn,
  putFloat,
  type SeriesColumn,
  seriesOf,
  type VectorValue,
} from "../evaluator/value.ts";
import { histogramText } from "../histogram/histogram-text.ts";
import { quoteString } from "../parser/go-quote.ts";
import { groupLabels } from "./grouping.ts";

/** `count_values`: for every distinct value one series, which counts the samples that have it. */
export function countValues(
  node: AggregateNode,
  series: readonly SeriesColumn[],
  run: QueryRun,
): VectorValue {
  const label = valueLabel(node);
  const by = { ...node, grouping: node.without ? node.grouping : [...node.grouping, label] };
  const labelsOf = groupLabels(by);
  const counts = new Map<string, { readonly labels: Labels; readonly column: ColumnWriter }>();
  for (const one of series) {
    let lastText: string | undefined;
    let column: ColumnWriter | undefined;
    for (let i = 0; i < run.steps.count; i++) {
      if (one.present[i] === ABSENT) continue;
      const text = valueText(one, i);
      if (column === undefined || text !== lastText) {
        const labels = labelsOf(withLabel(one.labels, label, text));
        column = columnOf(labels, counts, run);
        lastText = text;
      }
      putFloat(column, i, column.values[i]! + 1);
    }
  }
  const counted = [...counts.values()].map(({ labels, column }) =>
    seriesOf(column, { labels, dropName: false }),
  );
  return { kind: "vector", series: counted };
}

function valueLabel({ param }: AggregateNode): string {
  if (param?.kind !== "string") throw new TypeError("count_values needs a label name");
  if (!isLabelName(param.text)) {
    throw evaluationError(`invalid label name ${quoteString(param.text)}`);
  }
  return param.text;
}

function valueText(series: SeriesColumn, i: number): string {
  if (series.present[i] !== HISTOGRAM) return formatPlain(series.values[i]!);
  return histogramText(series.histograms![i]!); // marked as a histogram
}

function columnOf(
  labels: Labels,
  counts: Map<string, { readonly labels: Labels; readonly column: ColumnWriter }>,
  run: QueryRun,
): ColumnWriter {
  const key = labelsKey(labels);
  const known = counts.get(key);
  if (known) return known.column;
  run.budget.claim(run.steps.count);
  const column = newColumn(run.steps.count);
  counts.set(key, { labels, column });
  return column;
}
