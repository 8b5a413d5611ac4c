import type { FastifyInstance } from "fastify";
import type { DataAnswer } from "../contract.ts";

/** `/api/avx/data`: what is sent, by whom, and how good it is. */
export function registerDataRoutes(
  app: FastifyInstance,
  { dataReport }: { readonly dataReport: () => Promise<DataAnswer> },
): void {
  app.get("/api/avx/data", () => dataReport());
}
