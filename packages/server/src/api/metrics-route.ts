import { AvxError } from "@avx/model";
import { compileRegex } from "@avx/promql";
import type { FastifyInstance } from "fastify";
import type { SelfMetrics } from "../self/self-metrics.ts";
import { badData, requestParameters } from "./parameters.ts";
import { selfMetricFamilies } from "./self-metric-families.ts";

/**
 * The server's own metrics: `/metrics` as Prometheus text or OpenMetrics, by the Accept header, and
 * `/api/v1/status/self_metrics` as JSON.
 */
export function registerMetricsRoute(app: FastifyInstance, self: SelfMetrics): void {
  app.get("/metrics", async (request, reply) => {
    const page = await self.render(request.headers.accept);
    return reply.type(page.contentType).send(page.text);
  });
  app.get("/api/v1/status/self_metrics", async (request) => {
    const isWanted = nameTest(requestParameters(request).get("metric_name_pattern") ?? "");
    const { text } = await self.render("text/plain");
    const data = selfMetricFamilies(text).filter(({ name }) => isWanted(name));
    return { status: "success", data };
  });
}

function nameTest(pattern: string): (name: string) => boolean {
  if (pattern === "") return () => true;
  try {
    const regex = compileRegex(pattern);
    return (name) => regex.test(name);
  } catch (error) {
    if (!(error instanceof AvxError)) throw error;
    throw badData(`invalid metric_name_pattern: ${error.message}`);
  }
}
