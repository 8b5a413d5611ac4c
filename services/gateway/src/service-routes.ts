import type { Telemetry } from "@avx/sdk";
import type { FastifyInstance } from "fastify";
import type { Upstream } from "./proxy/upstream.ts";

/** Who the routes speak for. */
export interface ServiceRouteOptions {
  readonly telemetry: Telemetry;
  readonly upstream: Upstream;
}

/** `/health`, `/deep/info` and `/metrics`. */
export function registerServiceRoutes(app: FastifyInstance, options: ServiceRouteOptions): void {
  const { telemetry, upstream } = options;
  app.get("/health", { schema: { tags: ["service"], summary: "Is the process alive?" } }, () => ({
    status: "ok",
    service: telemetry.serviceName,
    uptime_seconds: process.uptime(),
  }));

  const infoSchema = {
    tags: ["service"],
    summary: "Who this is, and whether its upstream answers",
  };
  app.get("/deep/info", { schema: infoSchema }, async () => ({
    service: telemetry.serviceName,
    version: String(telemetry.resource.attributes.get("telemetry.sdk.version")),
    instance: String(telemetry.resource.attributes.get("service.instance.id")),
    context: telemetry.context,
    runtime: { node: process.version, pid: process.pid, uptime_seconds: process.uptime() },
    upstream: { origin: upstream.origin, reachable: await upstream.isReachable() },
  }));

  const metricsSchema = { tags: ["service"], summary: "Prometheus text or OpenMetrics by Accept" };
  app.get("/metrics", { schema: metricsSchema }, async (request, reply) => {
    const { contentType, text } = await telemetry.renderMetrics(request.headers.accept);
    return reply.header("content-type", contentType).send(text);
  });
}
