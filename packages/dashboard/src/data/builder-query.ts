import { promqlString } from "./prometheus.ts";

/** The comparisons of a matcher. */
export const MATCH_OPERATORS = ["=", "!=", "=~", "!~"] as const;
/** How a matcher compares; the last two take a regular expression. */
export type MatchOperator = (typeof MATCH_OPERATORS)[number];

/** Functions of the builder that take a range. */
export const RANGE_FUNCTIONS = [
  "rate",
  "increase",
  "irate",
  "delta",
  "avg_over_time",
  "min_over_time",
  "max_over_time",
  "sum_over_time",
  "count_over_time",
  "last_over_time",
] as const;
/** All functions of the builder; the quantile is that of the rates of buckets. */
export const BUILDER_FUNCTIONS = [...RANGE_FUNCTIONS, "histogram_quantile"] as const;
/** A function of the builder. */
export type BuilderFunction = (typeof BUILDER_FUNCTIONS)[number];

/** Aggregations of the builder: those without a parameter. */
export const AGGREGATIONS = ["sum", "avg", "min", "max", "count", "stddev"] as const;
/** An aggregation of the builder. */
export type Aggregation = (typeof AGGREGATIONS)[number];

/** One condition on a label; without a label it is not written. */
export interface BuilderMatcher {
  readonly label: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

/** A query that the builder can show: selector, then function, then aggregation. */
export interface BuilderQuery {
  readonly metric: string;
  readonly matchers: readonly BuilderMatcher[];
  readonly call: BuilderFunction | null;
  /** The range of `call`, a PromQL duration. */
  readonly window: string;
  /** 0..1, of `histogram_quantile`. */
  readonly quantile: number;
  readonly aggregation: Aggregation | null;
  /** Labels that the aggregation keeps; without `le`, which a quantile of buckets always keeps. */
  readonly by: readonly string[];
}

/** Nothing chosen yet, and what a function starts with. */
export const EMPTY_QUERY: BuilderQuery = {
  metric: "",
  matchers: [],
  call: null,
  window: "5m",
  quantile: 0.95,
  aggregation: null,
  by: [],
};

const PLAIN_METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const PLAIN_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Whether a text is a duration of PromQL, such as `1h30m`. */
export function isDuration(text: string): boolean {
  return /^(?:[0-9]+(?:ms|[smhdwy]))+$/.test(text);
}

/** Whether the quantile is one of classic buckets, whose bounds are in the label `le`. */
export function hasBuckets({ metric, call }: BuilderQuery): boolean {
  return call === "histogram_quantile" && metric.endsWith("_bucket");
}

/** The query as PromQL; empty while neither a metric nor a condition is chosen. */
export function writeBuilderQuery(query: BuilderQuery): string {
  const selected = selector(query);
  if (selected === "") return "";
  const { call, aggregation } = query;
  const inner = call === "histogram_quantile" ? "rate" : call;
  const called = inner === null ? selected : `${inner}(${selected}[${query.window}])`;
  const by = hasBuckets(query) ? ["le", ...query.by] : query.by;
  const labels = by.length === 0 ? "" : ` by (${by.map(promqlLabel).join(", ")}) `;
  const aggregated = aggregation === null ? called : `${aggregation}${labels}(${called})`;
  return call === "histogram_quantile"
    ? `histogram_quantile(${query.quantile}, ${aggregated})`
    : aggregated;
}

function selector({ metric, matchers }: BuilderQuery): string {
  const isPlain = PLAIN_METRIC.test(metric);
  const conditions = matchers
    .filter(({ label }) => label !== "")
    .map(({ label, operator, value }) => promqlLabel(label) + operator + promqlString(value));
  const quoted = metric === "" || isPlain ? [] : [promqlString(metric)];
  const inner = [...quoted, ...conditions];
  return (isPlain ? metric : "") + (inner.length === 0 ? "" : `{${inner.join(", ")}}`);
}

/** The name of a label as PromQL writes it: quoted where it is no plain name. */
export function promqlLabel(label: string): string {
  return PLAIN_LABEL.test(label) ? label : promqlString(label);
}
