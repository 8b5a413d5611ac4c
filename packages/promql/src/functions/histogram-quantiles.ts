import { type Labels, type NativeHistogram, withLabel } from "@avx/model";
import { formatOpenMetrics } from "../evaluator/go-number.ts";
import type { CallNode, PlanNode } from "../evaluator/plan.ts";
import type { QueryRun } from "../evaluator/query-run.ts";
import { remarks } from "../evaluator/remarks.ts";
import { collected, derivedIdentity, metricName } from "../evaluator/series-labels.ts";
import { stepTimeMs } from "../evaluator/steps.ts";
import {
  type ColumnWriter,
  HISTOGRAM,
  isEmptyColumn,
  newColumn,
  putFloat,
  type SeriesColumn,
  seriesOf,
  type VectorValue,
} from "../evaluator/value.ts";
import { classicFraction, classicQuantile } from "../histogram/classic-buckets.ts";
import { nativeFraction } from "../histogram/histogram-fraction.ts";
import { nativeQuantile } from "../histogram/histogram-quantile.ts";
import { argument, scalarArgument, textArgument, vectorArgument } from "./arguments.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { type ClassicReader, histogramFamilies, nameForRemark } from "./histogram-families.ts";

/** How one number is computed from a histogram of either kind at step `i`. */
interface Estimator {
  native(histogram: NativeHistogram, i: number, metric: string): number;
  classic(buckets: NonNullable<ReturnType<ClassicReader["at"]>>, i: number, labels: Labels): number;
}

interface Estimation {
  readonly vector: VectorValue;
  /** The argument that remarks point at. */
  readonly argument: PlanNode;
  readonly estimator: Estimator;
  /** Adds to the labels of every result. */
  readonly relabel?: (labels: Labels) => Labels;
}

async function estimate(estimation: Estimation, run: QueryRun): Promise<SeriesColumn[]> {
  const { vector, argument: node, estimator, relabel = (labels: Labels) => labels } = estimation;
  const { classic, native } = histogramFamilies(vector.series, node, run);
  const series: SeriesColumn[] = [];
  const finish = (column: ColumnWriter, labels: Labels) => {
    if (isEmptyColumn(column)) return;
    const identity = derivedIdentity(labels, run);
    series.push(seriesOf(column, { ...identity, labels: relabel(identity.labels) }));
  };
  for (const { series: source, hidden } of native) {
    const due = run.breathe();
    if (due) await due;
    const column = claimedColumn(run);
    const metric = run.options.delayedNameRemoval ? metricName(source.labels) : "";
    for (let i = 0; i < run.steps.count; i++) {
      if (source.present[i] !== HISTOGRAM || hidden?.[i] === 1) continue;
      putFloat(column, i, estimator.native(source.histograms![i]!, i, metric)); // marked present
    }
    finish(column, source.labels);
  }
  for (const reader of classic) {
    const due = run.breathe();
    if (due) await due;
    const column = claimedColumn(run);
    for (let i = 0; i < run.steps.count; i++) {
      const buckets = reader.at(i);
      if (buckets) putFloat(column, i, estimator.classic(buckets, i, reader.labels));
    }
    finish(column, reader.labels);
  }
  return series;
}

function claimedColumn(run: QueryRun): ColumnWriter {
  run.budget.claim(run.steps.count);
  return newColumn(run.steps.count);
}

function quantileEstimator(quantiles: Float64Array, node: PlanNode, run: QueryRun): Estimator {
  return {
    native(histogram, i, metric) {
      const { value, nan } = nativeQuantile(quantiles[i]!, histogram);
      if (nan === "result") run.annotate(remarks.quantileIsNaN(metric, node.range));
      if (nan === "skew") run.annotate(remarks.quantileIsSkewed(metric, node.range));
      return value;
    },
    classic: (buckets, i, labels) =>
      classicQuantile(quantiles[i]!, buckets, (forced) => {
        const timeMs = stepTimeMs(run.steps, i);
        run.annotate(
          remarks.forcedMonotonicity(nameForRemark(labels, run), node.range, {
            kind: "monotonicity",
            ...forced,
            samples: 1,
            firstMs: timeMs,
            lastMs: timeMs,
          }),
        );
      }),
  };
}

function remarkOnQuantiles(quantiles: Float64Array, node: PlanNode, run: QueryRun): void {
  for (const q of quantiles) {
    if (!(q >= 0 && q <= 1)) run.annotate(remarks.invalidQuantile(q, node.range));
  }
}

async function histogramQuantile(call: CallNode, run: QueryRun): Promise<VectorValue> {
  const quantiles = await scalarArgument(call, 0, run);
  const vector = await vectorArgument(call, 1, run);
  remarkOnQuantiles(quantiles, argument(call, 0), run);
  const node = argument(call, 1);
  const estimator = quantileEstimator(quantiles, node, run);
  const series = await estimate({ vector, argument: node, estimator }, run);
  return { kind: "vector", series: collected(series, run) };
}

/** Several quantiles at once, told apart by a label. */
async function histogramQuantiles(call: CallNode, run: QueryRun): Promise<VectorValue> {
  const vector = await vectorArgument(call, 0, run);
  const label = textArgument(call, 1);
  const node = argument(call, 0);
  const series: SeriesColumn[] = [];
  for (let a = 2; a < call.args.length; a++) {
    const quantiles = await scalarArgument(call, a, run);
    remarkOnQuantiles(quantiles, argument(call, a), run);
    for (const [q, own] of byQuantile(quantiles)) {
      const estimator = quantileEstimator(own, node, run);
      const text = formatOpenMetrics(q);
      const relabel = (labels: Labels) => withLabel(labels, label, text);
      const estimated = await estimate({ vector, argument: node, estimator, relabel }, run);
      series.push(...estimated.map((one) => restricted(one, quantiles, q)));
    }
  }
  return { kind: "vector", series: collected(series, run) };
}

/** The distinct quantiles that an argument takes, each as the argument of all steps. */
function byQuantile(quantiles: Float64Array): readonly [number, Float64Array][] {
  return [...new Set(quantiles)].map((q) => [q, new Float64Array(quantiles.length).fill(q)]);
}

/** Only the steps at which the argument really is this quantile. */
function restricted(series: SeriesColumn, quantiles: Float64Array, q: number): SeriesColumn {
  const present = series.present.map((mark, i) => (Object.is(quantiles[i], q) ? mark : 0));
  return { ...series, present };
}

async function histogramFraction(call: CallNode, run: QueryRun): Promise<VectorValue> {
  const lower = await scalarArgument(call, 0, run);
  const upper = await scalarArgument(call, 1, run);
  const vector = await vectorArgument(call, 2, run);
  const node = argument(call, 2);
  const estimator: Estimator = {
    native(histogram, i, metric) {
      const { value, nan } = nativeFraction(lower[i]!, upper[i]!, histogram);
      if (nan !== "none") run.annotate(remarks.fractionExcludesNaN(metric, node.range));
      return value;
    },
    classic: (buckets, i) => classicFraction(lower[i]!, upper[i]!, buckets),
  };
  const series = await estimate({ vector, argument: node, estimator }, run);
  return { kind: "vector", series: collected(series, run) };
}

/** Functions that estimate from classic and native histograms alike. */
export const HISTOGRAM_ESTIMATES: readonly FunctionImplementation[] = [
  { name: "histogram_quantile", evaluate: histogramQuantile },
  { name: "histogram_quantiles", evaluate: histogramQuantiles },
  { name: "histogram_fraction", evaluate: histogramFraction },
];
