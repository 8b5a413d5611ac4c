import { dropLabels, type Labels, labelsKey, labelValue } from "@avx/model";
import type { PlanNode } from "../evaluator/plan.ts";
import type { QueryRun } from "../evaluator/query-run.ts";
import { remarks } from "../evaluator/remarks.ts";
import { metricName } from "../evaluator/series-labels.ts";
import { FLOAT, HISTOGRAM, type SeriesColumn } from "../evaluator/value.ts";
import {
  appendBucket,
  type ClassicBuckets,
  newClassicBuckets,
} from "../histogram/classic-buckets.ts";

const BUCKET_LABEL = "le";
const BUCKET_LABELS: ReadonlySet<string> = new Set([BUCKET_LABEL]);
const BOUND = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?|nan)$/i;

/** The bucket series of one classic histogram, ascending by bound. */
interface ClassicFamily {
  readonly labels: Labels;
  readonly buckets: { readonly upper: number; readonly series: SeriesColumn }[];
}

/** The histograms of a vector: classic ones, collected from their buckets, and native ones. */
export interface HistogramFamilies {
  readonly classic: readonly ClassicReader[];
  readonly native: readonly NativeReader[];
}

/** Reads a classic histogram step by step. */
export interface ClassicReader {
  /** Without `le`; the metric name is still there. */
  readonly labels: Labels;
  /** The buckets at step `i`; undefined where it has none. Valid until the next call. */
  at(i: number): ClassicBuckets | undefined;
}

/** A series of native histograms; `hidden[i]` where a classic one of the same labels is in the way. */
export interface NativeReader {
  readonly series: SeriesColumn;
  readonly hidden: Uint8Array | undefined;
}

/**
 * Sorts a vector into classic and native histograms. At a step where both kinds have the same
 * labels, neither counts and a warning is given; so is for a bucket without a usable `le`.
 */
export function histogramFamilies(
  series: readonly SeriesColumn[],
  argument: PlanNode,
  run: QueryRun,
): HistogramFamilies {
  const families = new Map<string, ClassicFamily>();
  for (const one of series) collectBucket(one, { families, argument }, run);
  const native = series
    .filter(({ histograms }) => histograms)
    .map((one) => ({ series: one, hidden: hiddenSteps(one, { families, argument }, run) }));
  const hiddenOf = new Map(
    native.map(({ series: one, hidden }) => [labelsKey(one.labels), hidden]),
  );
  const classic = [...families].map(([key, family]) => classicReader(family, hiddenOf.get(key)));
  return { classic, native };
}

interface FamilyInput {
  readonly families: Map<string, ClassicFamily>;
  readonly argument: PlanNode;
}

/** Metric names are only in remarks while they are not dropped yet. */
export function nameForRemark(labels: Labels, run: QueryRun): string {
  return run.options.delayedNameRemoval ? metricName(labels) : "";
}

function collectBucket(
  series: SeriesColumn,
  { families, argument }: FamilyInput,
  run: QueryRun,
): void {
  if (series.histograms && !series.present.includes(FLOAT)) return;
  const bound = labelValue(series.labels, BUCKET_LABEL);
  if (!BOUND.test(bound)) {
    run.annotate(remarks.badBucketLabel(nameForRemark(series.labels, run), bound, argument.range));
    return;
  }
  const labels = dropLabels(series.labels, BUCKET_LABELS);
  const key = labelsKey(labels);
  const family = families.get(key) ?? { labels, buckets: [] };
  families.set(key, family);
  family.buckets.push({ upper: parseBound(bound), series });
  family.buckets.sort((a, b) => a.upper - b.upper || 0);
}

function parseBound(text: string): number {
  const lower = text.toLowerCase();
  if (lower.includes("inf")) return lower.startsWith("-") ? -Infinity : Infinity;
  return Number(text);
}

function hiddenSteps(
  native: SeriesColumn,
  { families, argument }: FamilyInput,
  run: QueryRun,
): Uint8Array | undefined {
  const family = families.get(labelsKey(native.labels));
  if (!family) return undefined;
  const hidden = new Uint8Array(run.steps.count);
  for (let i = 0; i < hidden.length; i++) {
    if (native.present[i] !== HISTOGRAM) continue;
    if (family.buckets.some(({ series }) => series.present[i] === FLOAT)) hidden[i] = 1;
  }
  if (!hidden.includes(1)) return undefined;
  run.annotate(remarks.mixedClassicNative(nameForRemark(native.labels, run), argument.range));
  return hidden;
}

function classicReader(
  { labels, buckets }: ClassicFamily,
  hidden: Uint8Array | undefined,
): ClassicReader {
  const scratch = newClassicBuckets(buckets.length);
  return {
    labels,
    at(i) {
      if (hidden?.[i] === 1) return undefined;
      scratch.size = 0;
      for (const { upper, series } of buckets) {
        if (series.present[i] === FLOAT) appendBucket(scratch, upper, series.values[i]!);
      }
      return scratch.size > 0 ? scratch : undefined;
    },
  };
}
