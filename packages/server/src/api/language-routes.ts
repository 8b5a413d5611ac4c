import { ALL_EXPERIMENTAL, exprToJson, parseExpr, prettyPrint } from "@avx/promql";
import type { FastifyInstance } from "fastify";
import { requestParameters } from "./parameters.ts";

/** `/api/v1/format_query` and `/api/v1/parse_query`, GET and POST form. */
export function registerLanguageRoutes(app: FastifyInstance, experimentalFunctions: boolean): void {
  const answer = (url: string, data: (query: string) => unknown): void => {
    app.route({
      method: ["GET", "POST"],
      url,
      handler: async (request) => ({
        status: "success",
        data: data(requestParameters(request).get("query") ?? ""),
      }),
    });
  };
  const options = experimentalFunctions ? ALL_EXPERIMENTAL : {};
  const parse = (query: string) => parseExpr(query, options);
  answer("/api/v1/format_query", (query) => prettyPrint(parse(query)));
  answer("/api/v1/parse_query", (query) => exprToJson(parse(query)));
}
