import type { Matcher } from "@avx/model";
import { type ParseOptions, parseExpr, selectorsOf } from "@avx/promql";

/** The matchers of every selector in a query: what `query_exemplars` looks for. */
export function selectorsOfQuery(
  query: string,
  options: ParseOptions,
): readonly (readonly Matcher[])[] {
  return selectorsOf(parseExpr(query, options));
}
