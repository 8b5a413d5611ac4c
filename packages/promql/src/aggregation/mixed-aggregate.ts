import type { NativeHistogram } from "@avx/model";
import type { AggregateNode } from "../evaluator/plan.ts";
import type { QueryRun } from "../evaluator/query-run.ts";
import { remarks } from "../evaluator/remarks.ts";
import { metricName } from "../evaluator/series-labels.ts";
import {
  FLOAT,
  HISTOGRAM,
  newColumn,
  putHistogram,
  type SeriesColumn,
} from "../evaluator/value.ts";
import { compacted } from "../histogram/working-histogram.ts";
import type { Column, FloatAggregate } from "./float-aggregates.ts";
import type { HistogramAggregate } from "./histogram-aggregates.ts";

/** How `sum` and `avg` treat each kind of sample. */
export interface MixedAggregate {
  readonly floats: FloatAggregate;
  readonly histograms: (histograms: readonly NativeHistogram[]) => HistogramAggregate;
}

/**
 * Sums or averages a group in which histograms occur: at each step either floats or histograms;
 * both together give no result but a warning.
 */
export async function aggregateMixed(
  members: readonly SeriesColumn[],
  { aggregate, node }: { readonly aggregate: MixedAggregate; readonly node: AggregateNode },
  run: QueryRun,
): Promise<Column> {
  const { count } = run.steps;
  const column = aggregate.floats(members, count);
  const result = newColumn(count);
  for (let i = 0; i < count; i++) {
    const due = run.breathe();
    if (due) await due;
    const holders = members.filter(({ present }) => present[i] === HISTOGRAM);
    if (holders.length === 0) {
      result.present[i] = column.present[i]!;
      result.values[i] = column.values[i]!;
    } else if (column.present[i] === FLOAT) {
      run.annotate(remarks.mixedFloatsHistogramsAggregation(node.inner.range));
    } else {
      const histograms = holders.map(({ histograms }) => histograms![i]!); // marked as histograms
      const { histogram, ...report } = aggregate.histograms(histograms);
      remarkOn(report, { holders, node }, run);
      if (histogram) putHistogram(result, i, compacted(histogram));
    }
  }
  return result;
}

function remarkOn(
  report: Omit<HistogramAggregate, "histogram">,
  { holders, node }: { readonly holders: readonly SeriesColumn[]; readonly node: AggregateNode },
  run: QueryRun,
): void {
  const { range } = node.inner;
  if (report.misfit !== undefined) {
    const misfit = holders[report.misfit];
    run.annotate(remarks.mixedSchemas(misfit ? metricName(misfit.labels) : "", range));
    return;
  }
  if (report.boundsReconciled) run.annotate(remarks.boundsReconciled("aggregation", range));
  if (report.resetCollision) run.annotate(remarks.resetCollision("aggregation", range));
}
