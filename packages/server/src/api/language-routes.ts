import { AvxError } from "@avx/model";
import { type Expr, exprToJson, type ParseOptions, parseExpr, prettyPrint } from "@avx/promql";
import type { FastifyInstance } from "fastify";
import { invalid, requestParameters } from "./parameters.ts";

/** `/api/v1/format_query` and `/api/v1/parse_query`, GET and POST form. */
export function registerLanguageRoutes(app: FastifyInstance, options: ParseOptions): void {
  const answer = (url: string, data: (expr: Expr) => unknown): void => {
    app.route({
      method: ["GET", "POST"],
      url,
      handler: async (request) => {
        const query = requestParameters(request).get("query") ?? "";
        return { status: "success", data: data(parsed(query, options)) };
      },
    });
  };
  answer("/api/v1/format_query", prettyPrint);
  answer("/api/v1/parse_query", exprToJson);
}

function parsed(query: string, options: ParseOptions): Expr {
  try {
    return parseExpr(query, options);
  } catch (error) {
    if (error instanceof AvxError) throw invalid("query", error.message);
    throw error;
  }
}
