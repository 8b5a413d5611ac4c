import { FUNCTION_SIGNATURES } from "../functions/signatures.ts";
import type { DurationValue, Expr } from "../parser/ast.ts";
import { childrenOf } from "../parser/children.ts";

/**
 * Whether an expression reads no sample after the end of its range, so that later samples cannot
 * change its answer: no `@`, no negative or computed offset, no `smoothed` selector.
 */
export function readsOnlyThePast(expr: Expr): boolean {
  if (expr.type === "vectorSelector" || expr.type === "subquery") {
    const { at, offset } = expr;
    if (at !== undefined || offset.kind !== "fixed" || offset.ms < 0) return false;
  }
  if (expr.type === "vectorSelector" && expr.smoothed) return false;
  return childrenOf(expr).every(readsOnlyThePast);
}

/** Functions whose value at a step depends on where the range of the query begins or ends. */
const KNOW_THE_RANGE: ReadonlySet<string> = new Set(["start", "end", "range", "step", "info"]);
/** They choose among the series that the whole range has. */
const CHOOSE_SERIES: ReadonlySet<string> = new Set(["limitk", "limit_ratio"]);

/**
 * Whether the value at a step depends on nothing but the step and the samples up to it, so that a
 * range can be evaluated piece by piece. Functions beyond those of Prometheus learn from the whole
 * range and are left out.
 */
export function isStepwise(expr: Expr): boolean {
  return readsOnlyThePast(expr) && isBlindToTheRange(expr);
}

function isBlindToTheRange(expr: Expr): boolean {
  if (!durationsOf(expr).every(({ kind }) => kind === "fixed")) return false;
  if (expr.type === "aggregate" && CHOOSE_SERIES.has(expr.op)) return false;
  if (expr.type === "call") {
    const { func } = expr;
    if (KNOW_THE_RANGE.has(func) || !FUNCTION_SIGNATURES.has(func)) return false;
  }
  return childrenOf(expr).every(isBlindToTheRange);
}

function durationsOf(expr: Expr): readonly DurationValue[] {
  if (expr.type === "matrixSelector") return [expr.window];
  if (expr.type === "subquery") return expr.step ? [expr.window, expr.step] : [expr.window];
  return [];
}
