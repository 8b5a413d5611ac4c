import type { DurationExpression, DurationValue } from "./ast.ts";
import { formatDuration } from "./duration.ts";
import { printNumber } from "./print-number.ts";

const MS_PER_SECOND = 1000;

/** A duration as Prometheus prints it: `1h30m`, or the expression of the duration arithmetic. */
export function printDuration(duration: DurationValue): string {
  if (duration.kind === "fixed") return formatDuration(duration.ms);
  return printExpression(duration.expression);
}

/**
 * A number, as a duration when it was written as one. Rounds to the millisecond where Prometheus
 * truncates, for there `1s9ms` comes out as `1s8ms`.
 */
export function printLiteral(seconds: number, isDuration: boolean): string {
  if (!isDuration) return printNumber(seconds);
  const isNegative = seconds < 0;
  const text = formatDuration(Math.round(Math.abs(seconds) * MS_PER_SECOND));
  return isNegative ? `-${text}` : text;
}

function printExpression(expression: DurationExpression): string {
  switch (expression.kind) {
    case "number":
      return printLiteral(expression.seconds, expression.isDuration);
    case "step":
    case "range":
      return `${expression.kind}()`;
    case "paren":
      return `(${printExpression(expression.inner)})`;
    case "unary": {
      const operand = printExpression(expression.operand);
      return expression.op === "-" ? `-${operand}` : operand;
    }
    case "binary": {
      const { op } = expression;
      const left = printExpression(expression.left);
      const right = printExpression(expression.right);
      return op === "min" || op === "max"
        ? `${op}_of(${left}, ${right})`
        : `${left} ${op} ${right}`;
    }
  }
}
