import type { Matcher } from "@avx/model";
import { parseExpr, selectorsOf } from "@avx/promql";

/** The matchers of every selector in a query: what `query_exemplars` looks for. */
export function selectorsOfQuery(query: string): readonly (readonly Matcher[])[] {
  return selectorsOf(parseExpr(query));
}
