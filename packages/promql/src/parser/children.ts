import type { Expr } from "./ast.ts";

/** The nodes right below a node; the parameter of an aggregation comes before its vector. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.type) {
    case "number":
    case "string":
    case "vectorSelector":
      return [];
    case "matrixSelector":
      return [expr.selector];
    case "subquery":
    case "paren":
    case "unary":
      return [expr.expr];
    case "aggregate":
      return expr.param === undefined ? [expr.expr] : [expr.param, expr.expr];
    case "binary":
      return [expr.left, expr.right];
    case "call":
      return expr.args;
  }
}
