import { mostFits } from "../avx-functions/forecast-limits.ts";
import { MAX_WINDOW_SAMPLES } from "../avx-functions/forecast-window.ts";
import type { Reach } from "../evaluator/plan-selection.ts";
import type { Call, Expr } from "../parser/ast.ts";

/** What the forecasts of a call need. */
interface ForecastCost {
  readonly fits: number;
  readonly visits: number;
}

/** Where a call stands, and what its range vector is. */
interface ForecastPlace {
  readonly reach: Reach;
  readonly steps: number;
  /** Of the range vector, at most. */
  readonly series: number;
  /** Of one window of one series. */
  readonly windowSamples: number;
}

/** A fit takes 6 ms at 2,016 samples, a visit of a sample 10 ns. */
const VISITS_PER_FITTED_SAMPLE = 300;

const FORECASTS: ReadonlySet<string> = new Set([
  "avx_forecast",
  "avx_forecast_lower",
  "avx_forecast_upper",
]);

/**
 * The fits of an `avx_forecast` call and their time, in visits. Where aggregation or matching of a
 * subquery leaves open how many series there are, one is counted, and where the horizon is no constant,
 * one fit a series: the evaluation counts on. `undefined` for other functions.
 */
export function forecastCost(call: Call, place: ForecastPlace): ForecastCost | undefined {
  const [window, horizon] = call.args;
  if (!FORECASTS.has(call.func) || window === undefined) return undefined;
  const series = keepsSeries(window) ? place.series : Math.min(1, place.series);
  const seconds = horizon && constantOf(horizon);
  const { reach, steps } = place;
  const stepMs = steps > 1 ? (reach.endMs - reach.startMs) / (steps - 1) : 0;
  const fits =
    seconds === undefined
      ? series
      : mostFits({
          ...{ series, steps: { startMs: reach.startMs, stepMs, count: steps } },
          horizonSeconds: Float64Array.of(seconds),
        });
  const samples = Math.min(MAX_WINDOW_SAMPLES, place.windowSamples);
  return { fits, visits: fits * samples * VISITS_PER_FITTED_SAMPLE };
}

/** Whether the series of the result are those of the selector in it. */
function keepsSeries(expr: Expr): boolean {
  switch (expr.type) {
    case "matrixSelector":
    case "vectorSelector":
      return true;
    case "paren":
    case "unary":
    case "subquery":
      return keepsSeries(expr.expr);
    case "call":
      return expr.args.every((arg) => arg.type === "number" || keepsSeries(arg));
    default:
      return false;
  }
}

/** The value of a sum of numbers such as `4 * 3600`; `undefined` for what is known only at a step. */
function constantOf(expr: Expr): number | undefined {
  if (expr.type === "number") return expr.value;
  if (expr.type === "paren") return constantOf(expr.expr);
  if (expr.type !== "binary") return undefined;
  const left = constantOf(expr.left);
  const right = constantOf(expr.right);
  if (left === undefined || right === undefined) return undefined;
  switch (expr.op) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    default:
      return undefined;
  }
}
