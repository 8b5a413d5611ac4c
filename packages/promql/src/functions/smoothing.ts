import { evaluationError } from "../evaluator/evaluation-error.ts";
import { scalarArgument } from "./arguments.ts";
import { floatKernel } from "./float-windows.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { windowFunction } from "./window-function.ts";

const MIN_POINTS = 2;

interface Factors {
  readonly smoothing: number;
  readonly trend: number;
}

/** Holt's linear (double exponential) smoothing of the values [from, to): the last level. */
export function doubleExponentialSmoothing(
  values: Float64Array,
  [from, to]: readonly [from: number, to: number],
  { smoothing, trend }: Factors,
): number {
  let previousLevel = 0;
  let level = values[from]!;
  let slope = values[from + 1]! - values[from]!;
  for (let at = from + 1; at < to; at++) {
    if (at > from + 1) slope = trend * (level - previousLevel) + (1 - trend) * slope;
    const next = smoothing * values[at]! + (1 - smoothing) * (level + slope);
    previousLevel = level;
    level = next;
  }
  return level;
}

function assertFactor(factor: number, what: "smoothing" | "trend"): void {
  if (factor > 0 && factor < 1) return;
  if (Number.isNaN(factor)) return; // compares false with everything, as in Prometheus
  const symbol = what === "smoothing" ? "sf" : "tf";
  throw evaluationError(
    `invalid ${what} factor. Expected: 0 < ${symbol} < 1, got: ${factor.toFixed(6)}`,
  );
}

/** `double_exponential_smoothing`. */
export const SMOOTHING_FUNCTIONS: readonly FunctionImplementation[] = [
  windowFunction("double_exponential_smoothing", {
    visitsWindows: true,
    prepare: async (call, run) => {
      const smoothing = await scalarArgument(call, 1, run);
      const trend = await scalarArgument(call, 2, run);
      const kernel = floatKernel((i, { values }, bounds) => {
        const factors = { smoothing: smoothing[i]!, trend: trend[i]! };
        return doubleExponentialSmoothing(values, bounds, factors);
      }, MIN_POINTS);
      return (windowed, column, context) => {
        for (let i = context.firstStep; i < context.endStep; i++) {
          assertFactor(smoothing[i]!, "smoothing");
          assertFactor(trend[i]!, "trend");
        }
        kernel(windowed, column, context);
      };
    },
  }),
];
