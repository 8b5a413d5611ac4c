import type { PositionRange } from "../parser/ast.ts";
import { quoteString } from "../parser/go-quote.ts";
import type { Annotation } from "./annotations.ts";
import { formatShortest } from "./go-number.ts";

type At = PositionRange;

const warning = (message: string, range: At): Annotation => ({
  severity: "warning",
  message: `PromQL warning: ${message}`,
  range,
});

const info = (message: string, range: At): Annotation => ({
  severity: "info",
  message: `PromQL info: ${message}`,
  range,
});

const named = (metric: string): string =>
  metric === "" ? "" : ` for metric name ${quoteString(metric)}`;

const HISTOGRAM_QUANTILE_DOCS =
  "https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile";

/** Which operation on histograms an annotation speaks of. */
export type HistogramOperation = "addition" | "subtraction" | "aggregation";

/** The annotations of Prometheus (util/annotations), with its texts so that tools recognise them. */
export const remarks = {
  invalidQuantile: (q: number, at: At) =>
    warning(`quantile value should be between 0 and 1, got ${formatShortest(q)}`, at),
  invalidRatio: (got: number, cap: number, at: At) =>
    warning(
      `ratio value should be between -1 and 1, got ${formatShortest(got)}, capping to ${formatShortest(cap)}`,
      at,
    ),
  badBucketLabel: (metric: string, le: string, at: At) =>
    warning(
      `bucket label "le" is missing or has a malformed value of ${quoteString(le)}${named(metric)}`,
      at,
    ),
  mixedFloatsHistograms: (metric: string, at: At) =>
    warning(
      `encountered a mix of histograms and floats for metric name ${quoteString(metric)}`,
      at,
    ),
  mixedFloatsHistogramsAggregation: (at: At) =>
    warning("encountered a mix of histograms and floats for aggregation", at),
  mixedClassicNative: (metric: string, at: At) =>
    warning(`vector contains a mix of classic and native histograms${named(metric)}`, at),
  histogramNotCounter: (metric: string, at: At) =>
    warning(`this native histogram metric is not a counter: ${quoteString(metric)}`, at),
  histogramNotGauge: (metric: string, at: At) =>
    warning(`this native histogram metric is not a gauge: ${quoteString(metric)}`, at),
  mixedSchemas: (metric: string, at: At) =>
    warning(
      `vector contains a mix of histograms with exponential and custom buckets schemas for metric name ${quoteString(metric)}`,
      at,
    ),
  incompatibleLayout: (op: string, at: At) =>
    warning(`incompatible bucket layout encountered for binary operator ${op}`, at),
  sortInRangeQuery: (at: At) =>
    warning("sort is ineffective for range queries since results are always ordered by labels", at),
  resetCollision: (operation: HistogramOperation, at: At) =>
    warning(`conflicting counter resets during histogram ${operation}`, at),
  startTimeOverlap: (metric: string, at: At): Annotation => ({
    ...warning(
      `sample has start time that overlaps with previous sample timestamp for metric ${quoteString(metric)}`,
      at,
    ),
    detail: { kind: "occurrences", count: 1 },
  }),
  possibleNonCounter: (metric: string, at: At) =>
    info(
      `metric might not be a counter, name does not end in _total/_sum/_count/_bucket: ${quoteString(metric)}`,
      at,
    ),
  forcedMonotonicity: (metric: string, at: At, detail: NonNullable<Annotation["detail"]>) => ({
    ...info(
      `input to histogram_quantile needed to be fixed for monotonicity (see ${HISTOGRAM_QUANTILE_DOCS})${named(metric)}`,
      at,
    ),
    detail,
  }),
  incompatibleTypes: (operation: { left: string; op: string; right: string }, at: At) => {
    const { left, op, right } = operation;
    return info(
      `incompatible sample types encountered for binary operator ${quoteString(op)}: ${left} ${op} ${right}`,
      at,
    );
  },
  histogramIgnored: (aggregation: string, at: At) =>
    info(`ignored histogram in ${aggregation} aggregation`, at),
  histogramsIgnoredInRange: (metric: string, at: At) =>
    info(
      `ignored histograms in a range containing both floats and histograms for metric name ${quoteString(metric)}`,
      at,
    ),
  quantileIsNaN: (metric: string, at: At) =>
    info(`input to histogram_quantile has NaN observations, result is NaN${named(metric)}`, at),
  quantileIsSkewed: (metric: string, at: At) =>
    info(
      `input to histogram_quantile has NaN observations, result is skewed higher${named(metric)}`,
      at,
    ),
  fractionExcludesNaN: (metric: string, at: At) =>
    info(
      `input to histogram_fraction has NaN observations, which are excluded from all fractions${named(metric)}`,
      at,
    ),
  boundsReconciled: (operation: HistogramOperation, at: At) =>
    info(`mismatched custom buckets were reconciled during ${operation}`, at),
} as const;
