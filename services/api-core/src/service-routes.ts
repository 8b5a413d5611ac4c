import type { Telemetry } from "@avx/sdk";
import type { FastifyInstance } from "fastify";

/** `/health` and `/metrics`. */
export function registerServiceRoutes(app: FastifyInstance, telemetry: Telemetry): void {
  app.get("/health", { schema: { tags: ["service"], summary: "Is the process alive?" } }, () => ({
    status: "ok",
    service: telemetry.serviceName,
    uptime_seconds: process.uptime(),
  }));
  const metricsSchema = { tags: ["service"], summary: "Prometheus text or OpenMetrics by Accept" };
  app.get("/metrics", { schema: metricsSchema }, async (request, reply) => {
    const { contentType, text } = await telemetry.renderMetrics(request.headers.accept);
    return reply.header("content-type", contentType).send(text);
  });
}
