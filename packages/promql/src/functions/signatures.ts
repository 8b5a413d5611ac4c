import type { ValueType } from "../parser/ast.ts";

/** What the parser must know of a function: arguments, result, whether it is behind a switch. */
export interface FunctionSignature {
  readonly name: string;
  readonly argTypes: readonly ValueType[];
  /**
   * How the last argument type repeats (Prometheus' `Variadic`): 0 = fixed argument count,
   * n > 0 = up to n optional ones, -1 = any number.
   */
  readonly variadic: number;
  readonly returnType: ValueType;
  readonly experimental: boolean;
}

type Row = readonly [
  names: string,
  argTypes: readonly ValueType[],
  returnType: ValueType,
  variadic?: number,
];

/** Functions of Prometheus 3.14 that are always available, grouped by signature. */
const STABLE: readonly Row[] = [
  ["time pi", [], "scalar"],
  ["scalar", ["vector"], "scalar"],
  ["vector", ["scalar"], "vector"],
  ["abs ceil exp floor ln log2 log10 sgn sqrt", ["vector"], "vector"],
  ["acos acosh asin asinh atan atanh cos cosh deg rad sin sinh tan tanh", ["vector"], "vector"],
  ["absent sort sort_desc timestamp", ["vector"], "vector"],
  ["histogram_avg histogram_count histogram_sum", ["vector"], "vector"],
  ["histogram_stddev histogram_stdvar", ["vector"], "vector"],
  ["histogram_quantile", ["scalar", "vector"], "vector"],
  ["histogram_fraction", ["scalar", "scalar", "vector"], "vector"],
  ["clamp", ["vector", "scalar", "scalar"], "vector"],
  ["clamp_min clamp_max", ["vector", "scalar"], "vector"],
  ["round", ["vector", "scalar"], "vector", 1],
  ["minute hour day_of_week day_of_month day_of_year", ["vector"], "vector", 1],
  ["days_in_month month year", ["vector"], "vector", 1],
  ["rate irate increase delta idelta deriv changes resets", ["matrix"], "vector"],
  ["avg_over_time count_over_time max_over_time min_over_time", ["matrix"], "vector"],
  ["first_over_time last_over_time sum_over_time", ["matrix"], "vector"],
  ["stddev_over_time stdvar_over_time", ["matrix"], "vector"],
  ["absent_over_time present_over_time", ["matrix"], "vector"],
  ["quantile_over_time", ["scalar", "matrix"], "vector"],
  ["predict_linear", ["matrix", "scalar"], "vector"],
  ["label_replace", ["vector", "string", "string", "string", "string"], "vector"],
  ["label_join", ["vector", "string", "string", "string"], "vector", -1],
];

/** Functions that Prometheus 3.14 offers only with `promql-experimental-functions`. */
const EXPERIMENTAL: readonly Row[] = [
  ["start end range step", [], "scalar"],
  ["max_of min_of", ["scalar", "scalar"], "scalar"],
  ["start_timestamp", ["vector"], "vector"],
  ["info", ["vector", "vector"], "vector", 1],
  ["sort_by_label sort_by_label_desc", ["vector", "string"], "vector", -1],
  ["histogram_quantiles", ["vector", "string", "scalar", "scalar"], "vector", 9],
  ["double_exponential_smoothing", ["matrix", "scalar", "scalar"], "vector"],
  ["mad_over_time ts_of_first_over_time ts_of_last_over_time", ["matrix"], "vector"],
  ["ts_of_max_over_time ts_of_min_over_time", ["matrix"], "vector"],
];

/**
 * Every function of Prometheus 3.14 by name (source: Prometheus documentation, "Query functions",
 * and the type checks of its parser). The parser takes further signatures as an option, so that
 * functions of our own need no change here.
 */
export const FUNCTION_SIGNATURES: ReadonlyMap<string, FunctionSignature> = new Map([
  ...signatures(STABLE, false),
  ...signatures(EXPERIMENTAL, true),
]);

function signatures(
  rows: readonly Row[],
  experimental: boolean,
): readonly [string, FunctionSignature][] {
  return rows.flatMap(([names, argTypes, returnType, variadic = 0]) =>
    names
      .split(" ")
      .map((name): [string, FunctionSignature] => [
        name,
        { name, argTypes, variadic, returnType, experimental },
      ]),
  );
}
