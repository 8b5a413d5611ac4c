import { AvxError } from "@avx/model";
import type { DurationExpression, DurationValue, PositionRange } from "../parser/ast.ts";

/** The longest duration in seconds: Prometheus holds durations as 64-bit nanoseconds. */
const MAX_SECONDS = 2 ** 63 / 1e9;

/** What `step()` and `range()` stand for in durations. */
export interface DurationContext {
  readonly stepMs: number;
  readonly rangeMs: number;
}

/**
 * The milliseconds of a duration of the query. Throws AvxError `bad_query` when an expression
 * gives no usable duration; zero and negative ones are allowed for offsets only.
 */
export function durationMs(
  duration: DurationValue,
  context: DurationContext,
  allowNegative = false,
): number {
  if (duration.kind === "fixed") return duration.ms;
  const { expression } = duration;
  const seconds = evaluateSeconds(expression, context);
  const fail = (reason: string) => invalidDuration(expression.range, reason);
  if (!Number.isFinite(seconds)) throw fail("duration is NaN or infinite");
  if (seconds <= 0 && !allowNegative) throw fail("duration must be greater than 0");
  if (seconds > MAX_SECONDS || seconds < -MAX_SECONDS) throw fail("duration is out of range");
  return Math.trunc(seconds * 1000);
}

function invalidDuration({ start, end }: PositionRange, reason: string): AvxError {
  return new AvxError("bad_query", { reason: `${start}:${end}: ${reason}` });
}

function evaluateSeconds(expression: DurationExpression, context: DurationContext): number {
  switch (expression.kind) {
    case "number":
      return expression.seconds;
    case "step":
      return context.stepMs / 1000;
    case "range":
      return context.rangeMs / 1000;
    case "paren":
      return evaluateSeconds(expression.inner, context);
    case "unary": {
      const operand = evaluateSeconds(expression.operand, context);
      return expression.op === "-" ? -operand : operand;
    }
    case "binary":
      return evaluateBinary(expression, context);
  }
}

function evaluateBinary(
  expression: DurationExpression & { readonly kind: "binary" },
  context: DurationContext,
): number {
  const left = evaluateSeconds(expression.left, context);
  const right = evaluateSeconds(expression.right, context);
  switch (expression.op) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      if (right === 0) throw invalidDuration(expression.range, "division by zero");
      return left / right;
    case "%":
      if (right === 0) throw invalidDuration(expression.range, "modulo by zero");
      return left % right;
    case "^":
      return left ** right;
    case "min":
      return Math.min(left, right);
    case "max":
      return Math.max(left, right);
  }
}
