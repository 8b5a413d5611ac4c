import { FUNCTION_SIGNATURES, type ParseOptions } from "@avx/promql";
import type { FastifyInstance } from "fastify";

/** Keywords and modifiers of the language that need no switch. */
const LANGUAGE = [
  "at_modifier",
  "bool",
  "by",
  "delayed_name_removal",
  "group_left",
  "group_right",
  "ignoring",
  "negative_offset",
  "offset",
  "on",
  "per_query_lookback_delta",
  "per_step_stats",
  "subqueries",
  "without",
];

const OPERATORS = [
  ...["!=", "!~", "%", "*", "+", "-", "/", "<", "</", "<=", "==", "=~", ">", ">/", ">=", "@", "^"],
];
const AGGREGATIONS = [
  ...["avg", "bottomk", "count", "count_values", "group", "max", "min", "quantile", "stddev"],
  ...["stdvar", "sum", "topk"],
];
const EXPERIMENTAL_AGGREGATIONS = ["limit_ratio", "limitk"];
const SET_OPERATORS = ["and", "atan2", "or", "unless"];

/** What was switched on. */
export interface FeaturePorts {
  readonly parseOptions: ParseOptions;
  /** Whether the admin routes answer. */
  readonly hasAdmin: boolean;
}

/**
 * `/api/v1/features`: what this server can do, by Prometheus' names, so that clients need not guess
 * from a version. What it has not is left out or false.
 */
export function registerFeatures(app: FastifyInstance, ports: FeaturePorts): void {
  app.get("/api/v1/features", async () => ({ status: "success", data: featuresOf(ports) }));
}

function featuresOf({
  parseOptions: options,
  hasAdmin,
}: FeaturePorts): Record<string, Record<string, boolean>> {
  const experimental = options.experimentalFunctions === true;
  const all = (names: Iterable<string>, value = true) =>
    Array.from(names, (name): [string, boolean] => [name, value]);
  const signatures = [...FUNCTION_SIGNATURES.values()].map(
    ({ name, experimental: isMarked }): [string, boolean] => [name, !isMarked || experimental],
  );
  return {
    api: sorted([
      ...all(["admin"], hasAdmin),
      ...all(["lifecycle", "search", "search_fuzz_alg_jarowinkler", "search_fuzz_alg_subsequence"]),
      ...all(["openapi_3.1"]),
      ...all(["exclude_alerts", "label_values_match", "query_stats", "query_warnings"]),
      ...all(["otlp_write_receiver", "remote_write_receiver"]),
      ...all(["time_range_labels", "time_range_series"]),
    ]),
    otlp_receiver: { delta_conversion: true, native_delta_ingestion: false },
    prometheus: { agent_mode: false, auto_reload_config: false, server_mode: true },
    promql: sorted([
      ...all(LANGUAGE),
      ...all(["duration_expr"], options.durationExpressions === true),
      ...all(["anchored", "smoothed"], options.extendedRangeSelectors === true),
      ...all(["fill", "fill_left", "fill_right"], options.fillModifiers === true),
    ]),
    promql_functions: sorted([...signatures, ...all(options.extraFunctions?.keys() ?? [])]),
    promql_operators: sorted([
      ...all([...OPERATORS, ...AGGREGATIONS, ...SET_OPERATORS]),
      ...all(EXPERIMENTAL_AGGREGATIONS, experimental),
    ]),
    tsdb: { exemplar_storage: true, native_histograms: true, st_storage: true },
  };
}

function sorted(entries: readonly (readonly [string, boolean])[]): Record<string, boolean> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
