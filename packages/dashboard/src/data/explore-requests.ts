import { type ApiRequest, timeParameter } from "./api-client.ts";
import { type Check, list, nullable, number, object, record, text, word } from "./checked-json.ts";
import { type GridAnswer, promqlString, rangeQuery, sample } from "./prometheus.ts";
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

/** What the server says about an answer. */
export interface AnswerNotes {
  /** Its statistics, where it gives them. */
  readonly stats: QueryStats | null;
  /** Its warnings and hints: a counter that does not look like one, say. */
  readonly notes: readonly string[];
}

/** A range query's series, and what the server says about them. */
export interface ExploreAnswer extends GridAnswer, AnswerNotes {}

/** A row of an instant query's result; of a range of samples the last one. */
export interface TableRow {
  readonly labels: Readonly<Record<string, string>>;
  /** A number, also NaN and infinities, or the text of a string. */
  readonly value: number | string;
}

/** An instant query's rows in the server's order, and what the server says about them. */
export interface TableAnswer extends AnswerNotes {
  readonly rows: readonly TableRow[];
}

const notes = object({ warnings: nullable(list(text)), infos: nullable(list(text)) });
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
    check: (value, path) => ({ ...request.check(value, path), ...notesOf(value, path) }),
  };
}

const pair: Check<readonly [number, string]> = (value, path) => {
  const [time, content] = list((one) => one)(value, path);
  return [number(time, path), text(content, path)];
};
const kinds = object({
  data: object({ resultType: word("vector", "matrix", "scalar", "string") }),
});
const vector = object({
  data: object({ result: list(object({ metric: record(text), value: nullable(sample) })) }),
});
const matrix = object({
  data: object({ result: list(object({ metric: record(text), values: nullable(list(sample)) })) }),
});
const single = object({ data: object({ result: pair }) });

/** An instant query of any type of result, which also asks what it cost. */
export function tableQuery(query: string, timestampMs: number): ApiRequest<TableAnswer> {
  return {
    path: "/api/v1/query",
    parameters: { query, time: timeParameter(timestampMs), stats: "all" },
    check: (value, path) => ({ rows: rowsOf(value, path), ...notesOf(value, path) }),
  };
}

function rowsOf(value: unknown, path: string): readonly TableRow[] {
  const row = (labels: TableRow["labels"], found: readonly [number, number] | null | undefined) =>
    found ? [{ labels, value: found[1] }] : [];
  const { resultType } = kinds(value, path).data;
  switch (resultType) {
    case "vector":
      return vector(value, path).data.result.flatMap((one) => row(one.metric, one.value));
    case "matrix":
      return matrix(value, path).data.result.flatMap(({ metric, values }) =>
        row(metric, values?.at(-1)),
      );
    case "scalar":
      return row({}, sample(single(value, path).data.result, path));
    case "string":
      return [{ labels: {}, value: single(value, path).data.result[1] }];
  }
}

function notesOf(value: unknown, path: string): AnswerNotes {
  const { warnings, infos } = notes(value, path);
  const { stats } = statistics(value, path).data;
  return { stats: stats && statsOf(stats), notes: [...(warnings ?? []), ...(infos ?? [])] };
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
