import type { ApiRequest } from "./api-client.ts";
import { list, nullable, number, object, record, text } from "./checked-json.ts";
import { type GridAnswer, promqlString, rangeQuery } from "./prometheus.ts";
import type { StepGrid } from "./query-step.ts";

/** A metric as the metric browser lists it. */
export interface MetricInfo {
  readonly name: string;
  /** `counter`, `gauge`, `histogram` …; empty when not known. */
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

const names = object({ data: list(text) });
const metadata = object({
  data: record(list(object({ type: text, help: text, unit: text }))),
});

/** The names of all metrics, sorted. */
export function metricNamesRequest(): ApiRequest<readonly string[]> {
  return {
    path: "/api/v1/label/__name__/values",
    parameters: {},
    check: (value, path) => [...names(value, path).data].sort(),
  };
}

/** Names and values that the builder offers; typing narrows them no further than this. */
const MAX_OFFERED = 500;

/** The labels that the series of a metric have, sorted, without the name itself. */
export function labelNamesRequest(metric: string): ApiRequest<readonly string[]> {
  return {
    path: "/api/v1/labels",
    parameters: { "match[]": metricSelector(metric), limit: MAX_OFFERED },
    check: (value, path) =>
      names(value, path)
        .data.filter((name) => name !== "__name__")
        .sort(),
  };
}

/** The values that a label has in the series of a metric, sorted. */
export function labelValuesRequest(metric: string, label: string): ApiRequest<readonly string[]> {
  return {
    path: `/api/v1/label/${encodeURIComponent(label)}/values`,
    parameters: { "match[]": metricSelector(metric), limit: MAX_OFFERED },
    check: (value, path) => [...names(value, path).data].sort(),
  };
}

/** All series of a metric; of all metrics when it is empty, which is no condition at all. */
function metricSelector(metric: string): string | null {
  return metric === "" ? null : `{__name__=${promqlString(metric)}}`;
}

/** What is known of the metrics, by the name of the family. */
export function metadataRequest(): ApiRequest<ReadonlyMap<string, Omit<MetricInfo, "name">>> {
  return {
    path: "/api/v1/metadata",
    parameters: {},
    check: (value, path) =>
      new Map(
        Object.entries(metadata(value, path).data).flatMap(([name, [first]]) =>
          first === undefined ? [] : [[name, first] as const],
        ),
      ),
  };
}

/** What the server did for an answer. */
export interface QueryStats {
  /** Samples that were read from the store, not those of the answer. */
  readonly samplesRead: number;
  /** Series that were read, before functions and aggregations. */
  readonly seriesRead: number;
  /** Time of the evaluation on the server, without transport. */
  readonly durationMs: number;
}

/** A range query's series, and its statistics where the server gives them. */
export interface ExploreAnswer extends GridAnswer {
  readonly stats: QueryStats | null;
}

const statistics = object({
  data: object({
    stats: nullable(
      object({
        timings: object({ evalTotalTime: number }),
        samples: object({ samplesRead: number }),
        seriesFetched: number,
      }),
    ),
  }),
});

/** A range query that also asks what it cost. The server does not answer it from its cache. */
export function measuredRangeQuery(query: string, grid: StepGrid): ApiRequest<ExploreAnswer> {
  const request = rangeQuery(query, grid);
  return {
    path: request.path,
    parameters: { ...request.parameters, stats: "all" },
    check: (value, path) => {
      const answer = request.check(value, path);
      const { stats } = statistics(value, path).data;
      return { ...answer, stats: stats && statsOf(stats) };
    },
  };
}

function statsOf(stats: {
  readonly timings: { readonly evalTotalTime: number };
  readonly samples: { readonly samplesRead: number };
  readonly seriesFetched: number;
}): QueryStats {
  return {
    samplesRead: stats.samples.samplesRead,
    seriesRead: stats.seriesFetched,
    durationMs: stats.timings.evalTotalTime * 1000,
  };
}

/** Endings that a family's series have beyond its name. */
const SERIES_ENDINGS = /_(?:bucket|count|sum|total)$/;

/** Names with what is known of their family. */
export function metricInfos(
  metricNames: readonly string[],
  known: ReadonlyMap<string, Omit<MetricInfo, "name">>,
): readonly MetricInfo[] {
  const unknown = { type: "", help: "", unit: "" };
  return metricNames.map((name) => ({
    name,
    ...(known.get(name) ?? known.get(name.replace(SERIES_ENDINGS, "")) ?? unknown),
  }));
}

/** A first expression that says something about a metric: rates of counters, quantiles of buckets. */
export function firstExpression({ name, type }: MetricInfo): string {
  const isPlain = /^[a-zA-Z_:][\w:]*$/.test(name);
  const selector = isPlain ? name : `{${JSON.stringify(name)}}`;
  if (name.endsWith("_bucket"))
    return `histogram_quantile(0.95, sum by (le, service_name) (rate(${selector}[1m])))`;
  const isCounter = type === "counter" || /_(?:total|count|sum)$/.test(name);
  return isCounter ? `sum by (service_name) (rate(${selector}[1m]))` : selector;
}

/** A command that asks the same from a terminal. Single quotes keep the shell from reading it. */
export function curlCommand(origin: string, request: ApiRequest<unknown>): string {
  const quoted = (part: string): string => `'${part.replaceAll("'", `'\\''`)}'`;
  const fields = Object.entries(request.parameters)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `--data-urlencode ${quoted(`${name}=${value}`)}`);
  return ["curl -G", quoted(origin + request.path), ...fields].join(" ");
}
