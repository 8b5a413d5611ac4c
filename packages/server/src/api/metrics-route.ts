import type { FastifyInstance } from "fastify";
import type { SelfMetrics } from "../self/self-metrics.ts";

/** `/metrics`: the server's own metrics as Prometheus text or OpenMetrics, by the Accept header. */
export function registerMetricsRoute(app: FastifyInstance, self: SelfMetrics): void {
  app.get("/metrics", async (request, reply) => {
    const page = await self.render(request.headers.accept);
    return reply.type(page.contentType).send(page.text);
  });
}
