import type { NativeHistogram } from "@avx/model";
import { formatShortest } from "../evaluator/go-number.ts";
import { type BoundedBucket, negativeBuckets, positiveBuckets } from "./buckets-in-order.ts";
import { usesCustomBuckets } from "./working-histogram.ts";

/** A histogram in Prometheus' text form: `{count:3, sum:5, [-1,1]:1, (1,2]:2}`. */
export function histogramText(histogram: NativeHistogram): string {
  const parts = [
    `count:${formatShortest(histogram.count)}`,
    `sum:${formatShortest(histogram.sum)}`,
  ];
  const custom = usesCustomBuckets(histogram);
  const append = (bucket: BoundedBucket, first = false) => {
    if (bucket.count !== 0) parts.push(bucketText(bucket, { custom, first }));
  };
  for (const bucket of negativeBuckets(histogram).reverse()) append(bucket);
  const { zeroThreshold, zeroCount } = histogram;
  append({ lower: -zeroThreshold, upper: zeroThreshold, count: zeroCount });
  for (const bucket of positiveBuckets(histogram)) {
    append(bucket, bucket.lower === Number.NEGATIVE_INFINITY);
  }
  return `{${parts.join(", ")}}`;
}

function bucketText(
  { lower, upper, count }: BoundedBucket,
  { custom, first }: { readonly custom: boolean; readonly first: boolean },
): string {
  const isZero = lower === -upper;
  const lowerInclusive = custom ? first : lower < 0 || isZero;
  const upperInclusive = custom || upper > 0 || isZero;
  const open = lowerInclusive ? "[" : "(";
  const close = upperInclusive ? "]" : ")";
  const bounds = `${formatShortest(lower)},${formatShortest(upper)}`;
  return `${open}${bounds}${close}:${formatShortest(count)}`;
}
