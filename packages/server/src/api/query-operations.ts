import type { Operation, Parameters } from "./operation.ts";

/** The parameters of a time range. */
export const RANGE: Parameters = {
  start: "start of the time range, Unix seconds or RFC 3339",
  end: "end of the time range, inclusive",
};
const SELECTORS: Parameters = {
  "match[]": "series selector; may be repeated",
  ...RANGE,
  limit: "at most so many",
};
const SEARCH: Parameters = {
  "match[]": "series selector; may be repeated",
  "search[]": "part of a name or value; may be repeated, one must match",
  fuzz_threshold: "least score of a match that is not literal, 0 to 100, 0 when absent",
  fuzz_alg: "subsequence (when absent) or jarowinkler",
  case_sensitive: "true when absent",
  sort_by: "alpha or score; by value when absent",
  sort_dir: "asc or dsc, with sort_by=alpha",
  include_score: "true adds how well each matches, 0 to 1",
  start: "start of the time range, an hour ago when absent",
  end: "end of the time range, now when absent",
  limit: "at most so many, 100 when absent, up to 10000",
  batch_size: "results a line, 100 when absent",
};

/** Prometheus' routes that evaluate and browse. */
export const QUERY_OPERATIONS: Readonly<Record<string, Operation>> = {
  "/api/v1/query": {
    summary: "Evaluates an expression at one time",
    tag: "query",
    methods: ["get", "post"],
    parameters: {
      "query*": "PromQL expression",
      time: "evaluation time, now when absent",
      timeout: "stops the query earlier than the server would",
      limit: "at most so many series",
      lookback_delta: "how far back an instant selector looks, 5m when absent",
      stats: "true adds statistics, all those of every step too",
    },
  },
  "/api/v1/query_range": {
    summary: "Evaluates an expression at every step of a range",
    tag: "query",
    methods: ["get", "post"],
    parameters: {
      "query*": "PromQL expression",
      "start*": "start, inclusive",
      "end*": "end, inclusive",
      "step*": "seconds or a duration; at most 11,000 steps",
      timeout: "stops the query earlier than the server would",
      limit: "at most so many series",
      lookback_delta: "how far back an instant selector looks, 5m when absent",
      stats: "true adds statistics, all those of every step too",
    },
  },
  "/api/v1/query_exemplars": {
    summary: "Exemplars of the series that a query selects",
    tag: "query",
    methods: ["get", "post"],
    parameters: { "query*": "PromQL expression", "start*": "start", "end*": "end" },
  },
  "/api/v1/format_query": {
    summary: "Prints an expression well formatted",
    tag: "query",
    methods: ["get", "post"],
    parameters: { "query*": "PromQL expression" },
  },
  "/api/v1/parse_query": {
    summary: "The syntax tree of an expression",
    tag: "query",
    methods: ["get", "post"],
    parameters: { "query*": "PromQL expression" },
  },
  "/api/v1/series": {
    summary: "Label sets of series",
    tag: "browse",
    methods: ["get", "post"],
    parameters: SELECTORS,
  },
  "/api/v1/labels": {
    summary: "Label names",
    tag: "browse",
    methods: ["get", "post"],
    parameters: SELECTORS,
  },
  "/api/v1/label/{name}/values": {
    summary: "Values of a label",
    tag: "browse",
    methods: ["get"],
    parameters: SELECTORS,
  },
  "/api/v1/metadata": {
    summary: "Type, help and unit of metrics",
    tag: "browse",
    methods: ["get"],
    parameters: {
      metric: "only this metric",
      limit: "at most so many metrics",
      limit_per_metric: "at most so many entries each",
    },
  },
  "/api/v1/search/metric_names": {
    summary: "Metric names by parts of them, as lines of JSON",
    tag: "browse",
    methods: ["get", "post"],
    parameters: { ...SEARCH, include_metadata: "true adds type, help and unit" },
  },
  "/api/v1/search/label_names": {
    summary: "Label names by parts of them, as lines of JSON",
    tag: "browse",
    methods: ["get", "post"],
    parameters: SEARCH,
  },
  "/api/v1/search/label_values": {
    summary: "Values of a label by parts of them, as lines of JSON",
    tag: "browse",
    methods: ["get", "post"],
    parameters: { "label*": "label name", ...SEARCH },
  },
  "/federate": {
    summary: "Newest samples of the selected series as Prometheus text",
    tag: "browse",
    methods: ["get"],
    parameters: { "match[]*": "series selector; may be repeated" },
  },
};
