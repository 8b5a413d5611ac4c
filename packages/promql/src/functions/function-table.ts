import { ABSENT_FUNCTIONS } from "./absent.ts";
import { COUNTING_FUNCTIONS } from "./changes-resets.ts";
import { CLAMP_FUNCTIONS } from "./clamp.ts";
import { DATE_FUNCTIONS } from "./dates.ts";
import { EXTREME_FUNCTIONS } from "./extremes.ts";
import { FIRST_LAST_FUNCTIONS } from "./first-last.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { HISTOGRAM_ESTIMATES } from "./histogram-quantiles.ts";
import { HISTOGRAM_STATISTICS } from "./histogram-statistics.ts";
import { INFO } from "./info.ts";
import { INSTANT_RATE_FUNCTIONS } from "./instant-rate.ts";
import { LABEL_FUNCTIONS } from "./label-functions.ts";
import { MATH_FUNCTIONS } from "./math.ts";
import { ORDER_FUNCTIONS } from "./order-over-time.ts";
import { OVER_TIME_FUNCTIONS } from "./over-time.ts";
import { RATE_FUNCTIONS } from "./rate.ts";
import { REGRESSION_FUNCTIONS } from "./regression.ts";
import { ROUND } from "./round.ts";
import { SCALAR_FUNCTIONS } from "./scalars.ts";
import { SMOOTHING_FUNCTIONS } from "./smoothing.ts";
import { SORT_FUNCTIONS } from "./sort.ts";
import { SUMMING_FUNCTIONS } from "./sums-over-time.ts";
import { TIMESTAMP_FUNCTIONS } from "./timestamps.ts";
import { TRIGONOMETRIC_FUNCTIONS } from "./trigonometry.ts";

/**
 * Every function of Prometheus 3.14, one entry for each signature. `start`, `end`, `step` and
 * `range` are missing: they are constants of a query and are resolved before evaluation.
 */
export const FUNCTION_TABLE: readonly FunctionImplementation[] = [
  ...ABSENT_FUNCTIONS,
  ...CLAMP_FUNCTIONS,
  ...COUNTING_FUNCTIONS,
  ...DATE_FUNCTIONS,
  ...EXTREME_FUNCTIONS,
  ...FIRST_LAST_FUNCTIONS,
  ...HISTOGRAM_ESTIMATES,
  ...HISTOGRAM_STATISTICS,
  INFO,
  ...INSTANT_RATE_FUNCTIONS,
  ...LABEL_FUNCTIONS,
  ...MATH_FUNCTIONS,
  ...ORDER_FUNCTIONS,
  ...OVER_TIME_FUNCTIONS,
  ...RATE_FUNCTIONS,
  ...REGRESSION_FUNCTIONS,
  ROUND,
  ...SCALAR_FUNCTIONS,
  ...SMOOTHING_FUNCTIONS,
  ...SORT_FUNCTIONS,
  ...SUMMING_FUNCTIONS,
  ...TIMESTAMP_FUNCTIONS,
  ...TRIGONOMETRIC_FUNCTIONS,
];
