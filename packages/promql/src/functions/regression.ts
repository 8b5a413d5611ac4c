import { addCompensated, type CompensatedSum } from "../evaluator/compensated-sum.ts";
import type { RangeColumns } from "../evaluator/range-columns.ts";
import { stepTimeMs } from "../evaluator/steps.ts";
import { scalarArgument } from "./arguments.ts";
import { floatKernel } from "./float-windows.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { windowFunction } from "./window-function.ts";

/** A straight line through samples, by least squares. */
export interface Line {
  readonly slopePerSecond: number;
  /** Its value at the time asked for. */
  readonly intercept: number;
}

/** A line has two points at least. */
const MIN_POINTS = 2;

/**
 * The line through the samples [from, to). Constant values give slope 0 exactly, infinite constants
 * NaN.
 */
export function linearRegression(
  { timesMs, values }: Pick<RangeColumns, "timesMs" | "values">,
  [from, to]: readonly [from: number, to: number],
  interceptMs: number,
): Line {
  const zero = (): CompensatedSum => ({ sum: 0, compensation: 0 });
  const sums = { x: zero(), y: zero(), xy: zero(), xx: zero() };
  const first = values[from]!;
  let constant = true;
  for (let at = from; at < to; at++) {
    const y = values[at]!;
    if (y !== first && at > from) constant = false;
    const x = (timesMs[at]! - interceptMs) / 1000;
    addCompensated(sums.x, x);
    addCompensated(sums.y, y);
    addCompensated(sums.xy, x * y);
    addCompensated(sums.xx, x * x);
  }
  if (constant) {
    if (Number.isFinite(first) || Number.isNaN(first))
      return { slopePerSecond: 0, intercept: first };
    return { slopePerSecond: Number.NaN, intercept: Number.NaN };
  }
  const count = to - from;
  const total = ({ sum, compensation }: CompensatedSum) => sum + compensation;
  const x = total(sums.x);
  const y = total(sums.y);
  const covariance = total(sums.xy) - (x * y) / count;
  const variance = total(sums.xx) - (x * x) / count;
  const slopePerSecond = covariance / variance;
  return { slopePerSecond, intercept: y / count - (slopePerSecond * x) / count };
}

/** `deriv` and `predict_linear`. */
export const REGRESSION_FUNCTIONS: readonly FunctionImplementation[] = [
  windowFunction("deriv", {
    visitsWindows: true,
    prepare: () =>
      floatKernel((_, columns, bounds) => {
        // Times relative to the first sample keep the sums small (prometheus/prometheus#2674).
        return linearRegression(columns, bounds, columns.timesMs[bounds[0]]!).slopePerSecond;
      }, MIN_POINTS),
  }),
  windowFunction("predict_linear", {
    dependsOnStep: true,
    visitsWindows: true,
    prepare: async (call, run) => {
      const seconds = await scalarArgument(call, 1, run);
      return floatKernel((i, columns, bounds) => {
        const line = linearRegression(columns, bounds, stepTimeMs(run.steps, i));
        return line.slopePerSecond * seconds[i]! + line.intercept;
      }, MIN_POINTS);
    },
  }),
];
