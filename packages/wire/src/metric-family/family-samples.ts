import type { Labels } from "@avx/model";
import { formatOpenMetricsFloat } from "../go-float.ts";
import type { ExpositionSample } from "../text-exposition/exposition.ts";
import type { FamilyHistogram } from "./family-histogram.ts";
import type { FamilyMetricRead, FamilySummary } from "./family-metric.ts";

/** The labels of a series of the family: name suffix and further labels. */
type Labelled = (suffix: string, ...more: readonly (readonly [string, string])[]) => Labels;

type Times = Pick<ExpositionSample, "timestampMs" | "startTimestampMs">;

function timesOf({ timestampMs, createdMs }: FamilyMetricRead): Times {
  return {
    ...(timestampMs !== 0 && { timestampMs }),
    ...(createdMs !== 0 && { startTimestampMs: createdMs }),
  };
}

/** A counter, gauge or untyped value. */
export function plainSample(metric: FamilyMetricRead, labelled: Labelled): ExpositionSample[] {
  const { value, exemplar } = metric;
  return [{ labels: labelled(""), value, ...timesOf(metric), ...(exemplar && { exemplar }) }];
}

/** Quantiles, sum and count. */
export function summarySamples(
  metric: FamilyMetricRead,
  { sum, count, quantiles }: FamilySummary,
  labelled: Labelled,
): ExpositionSample[] {
  const times = timesOf(metric);
  return [
    { labels: labelled("_count"), value: count, ...times },
    { labels: labelled("_sum"), value: sum, ...times },
    ...quantiles.map(({ quantile, value }) => ({
      labels: labelled("", ["quantile", formatOpenMetricsFloat(quantile)]),
      ...{ value, ...times },
    })),
  ];
}

/**
 * One native sample where there are native buckets; count, sum and classic buckets otherwise, or
 * beside it with `alwaysClassic`. The bucket of +Inf is added where it is missing.
 */
export function histogramSamples(
  metric: FamilyMetricRead,
  histogram: FamilyHistogram & { readonly alwaysClassic: boolean },
  labelled: Labelled,
): ExpositionSample[] {
  const { sum, count, buckets, native, exemplars, alwaysClassic } = histogram;
  const times = timesOf(metric);
  const samples: ExpositionSample[] = [];
  if (native) {
    const exemplar = exemplars[0] ?? buckets.find((bucket) => bucket.exemplar)?.exemplar;
    const one = { labels: labelled(""), value: Number.NaN, histogram: native, ...times };
    samples.push({ ...one, ...(exemplar && { exemplar }) });
    if (!alwaysClassic || buckets.length === 0) return samples;
  }
  samples.push({ labels: labelled("_count"), value: count, ...times });
  samples.push({ labels: labelled("_sum"), value: sum, ...times });
  for (const { upperBound, cumulativeCount, exemplar } of buckets) {
    samples.push({
      labels: labelled("_bucket", ["le", formatOpenMetricsFloat(upperBound)]),
      ...{ value: cumulativeCount, ...times, ...(exemplar && { exemplar }) },
    });
  }
  if (buckets.at(-1)?.upperBound !== Number.POSITIVE_INFINITY) {
    samples.push({ labels: labelled("_bucket", ["le", "+Inf"]), value: count, ...times });
  }
  return samples;
}
