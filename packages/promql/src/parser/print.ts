import type { Aggregate, Binary, Expr } from "./ast.ts";
import { quoteString } from "./go-quote.ts";
import { printLiteral } from "./print-duration.ts";
import { printShortNumber } from "./print-number.ts";
import {
  printLabelNames,
  printMatrixSelector,
  printSubquerySuffix,
  printVectorSelector,
} from "./print-selector.ts";

/** Prometheus breaks a line that would be longer than this many bytes. */
const DEFAULT_LINE_BYTES = 100;
const INDENT = "  ";

/** An expression on one line as Prometheus prints it; parses back to the same expression. */
export function printExpr(expr: Expr): string {
  switch (expr.type) {
    case "number":
      return printLiteral(expr.value, expr.isDuration);
    case "string":
      return quoteString(expr.value);
    case "vectorSelector":
      return printVectorSelector(expr);
    case "matrixSelector":
      return printMatrixSelector(expr);
    case "subquery":
      return `${printExpr(expr.expr)}${printSubquerySuffix(expr)}`;
    case "paren":
      return `(${printExpr(expr.expr)})`;
    case "unary":
      return `${expr.op}${printExpr(expr.expr)}`;
    case "call":
      return `${expr.func}(${expr.args.map(printExpr).join(", ")})`;
    case "aggregate": {
      const param = expr.param === undefined ? "" : `${printExpr(expr.param)}, `;
      return `${printAggregateHead(expr)}(${param}${printExpr(expr.expr)})`;
    }
    case "binary":
      return `${printExpr(expr.left)} ${printOperator(expr)} ${printExpr(expr.right)}`;
  }
}

/**
 * An expression laid out by Prometheus' rules (`/api/v1/format_query`): what fits into a line of
 * `maxLineBytes` stays on it, the rest is split at calls, aggregations, parentheses and operators.
 */
export function prettyPrint(expr: Expr, maxLineBytes = DEFAULT_LINE_BYTES): string {
  return pretty(expr, { level: 0, maxLineBytes });
}

interface Layout {
  readonly level: number;
  readonly maxLineBytes: number;
}

function pretty(expr: Expr, layout: Layout): string {
  const indent = INDENT.repeat(layout.level);
  const line = printExpr(expr);
  if (expr.type === "unary") return `${indent}${expr.op}${pretty(expr.expr, layout).trim()}`;
  if (new TextEncoder().encode(line).length <= layout.maxLineBytes) {
    // Prometheus leaves a short subquery without indent.
    return expr.type === "subquery" ? line : indent + line;
  }
  const below = (child: Expr) => pretty(child, { ...layout, level: layout.level + 1 });
  switch (expr.type) {
    case "subquery":
      return `${pretty(expr.expr, layout)}${printSubquerySuffix(expr)}`;
    case "aggregate": {
      const param = expr.param === undefined ? "" : `${below(expr.param)},\n`;
      return `${indent}${printAggregateHead(expr)}(\n${param}${below(expr.expr)}\n${indent})`;
    }
    case "call":
      return `${indent}${expr.func}(\n${expr.args.map(below).join(",\n")}\n${indent})`;
    case "paren":
      return `${indent}(\n${below(expr.expr)}\n${indent})`;
    case "binary":
      return `${below(expr.left)}\n${indent}${printOperator(expr)}\n${below(expr.right)}`;
    default:
      return indent + line;
  }
}

function printAggregateHead({ op, grouping, without }: Aggregate): string {
  if (without) return `${op} without (${printLabelNames(grouping)}) `;
  return grouping.length === 0 ? op : `${op} by (${printLabelNames(grouping)}) `;
}

/** The operator with `bool`, matching, grouping and fill modifiers. */
function printOperator({ op, returnBool, matching }: Binary): string {
  let text = returnBool ? `${op} bool` : op;
  if (matching === undefined) return text;
  const { cardinality, on, labels, include, fillLeft, fillRight } = matching;
  const isGrouped = cardinality === "many-to-one" || cardinality === "one-to-many";
  if (labels.length > 0 || on || isGrouped) {
    text += ` ${on ? "on" : "ignoring"} (${printLabelNames(labels)})`;
  }
  if (isGrouped) {
    const side = cardinality === "many-to-one" ? "left" : "right";
    text += ` group_${side} (${printLabelNames(include)})`;
  }
  if (fillLeft !== undefined && fillLeft === fillRight) {
    return `${text} fill (${printShortNumber(fillLeft)})`;
  }
  if (fillLeft !== undefined) text += ` fill_left (${printShortNumber(fillLeft)})`;
  if (fillRight !== undefined) text += ` fill_right (${printShortNumber(fillRight)})`;
  return text;
}
