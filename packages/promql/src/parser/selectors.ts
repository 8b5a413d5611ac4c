import { AvxError, type Matcher } from "@avx/model";
import type { Expr } from "./ast.ts";
import { childrenOf } from "./children.ts";
import { parseExpr } from "./parse.ts";

/**
 * The matchers of a lone selector such as `up{job="x"}`, as `match[]` parameters carry them. Throws
 * AvxError `bad_query` for anything else, an offset or a window included.
 */
export function parseSelector(text: string): readonly Matcher[] {
  const expr = parseExpr(text);
  const plain =
    expr.type === "vectorSelector" &&
    expr.at === undefined &&
    expr.offset.kind === "fixed" &&
    expr.offset.ms === 0;
  if (plain) return expr.matchers;
  throw new AvxError("bad_query", { reason: `"${text}" is not a plain series selector` });
}

/** The matchers of every selector in an expression, in the order of the text. */
export function selectorsOf(expr: Expr): readonly (readonly Matcher[])[] {
  if (expr.type === "vectorSelector") return [expr.matchers];
  return childrenOf(expr).flatMap(selectorsOf);
}
