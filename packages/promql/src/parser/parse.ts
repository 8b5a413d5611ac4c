import { AvxError } from "@avx/model";
import type { Expr } from "./ast.ts";
import { checkTypes } from "./check-types.ts";
import { parseOperators, startsExpression } from "./parse-expression.ts";
import type { ParseOptions } from "./parse-options.ts";
import { Parser } from "./parser.ts";
import { Source } from "./source.ts";
import { TokenStream } from "./token-stream.ts";

/** Longest query text. Generated dashboards stay below 8 KiB; parsing this much takes a few ms. */
export const MAX_QUERY_BYTES = 16 * 1024;

/**
 * Parses a PromQL expression of Prometheus 3.14 and checks its types. Throws AvxError `bad_query`
 * with Prometheus' text (`LINE:COL: parse error: TEXT`) as `reason` and the byte offsets
 * `positionStart`, `positionEnd`, for the first error only; also for queries above MAX_QUERY_BYTES,
 * MAX_NESTING and MAX_TREE_DEPTH. Never overflows the stack.
 */
export function parseExpr(text: string, options: ParseOptions = {}): Expr {
  const parser = openParser(text, options);
  const { tokens } = parser;
  if (tokens.peek().kind === "end of input") {
    parser.fail({ start: 0, end: 0 }, "no expression found in input");
  }
  const expr = parser.parseExpression();
  if (tokens.peek().kind !== "end of input") tokens.unexpected();
  checkTypes(parser, expr);
  return expr;
}

function openParser(text: string, options: ParseOptions): Parser {
  const source = text.length > MAX_QUERY_BYTES ? undefined : new Source(text);
  if (source === undefined || source.length > MAX_QUERY_BYTES) {
    const reason = `the query is longer than ${MAX_QUERY_BYTES} bytes`;
    throw new AvxError("bad_query", { reason, limitBytes: MAX_QUERY_BYTES });
  }
  return new Parser(new TokenStream(source), options, { parseOperators, startsExpression });
}
