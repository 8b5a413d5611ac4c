import type { Server } from "node:http";
import type { MetricsStream } from "../exposition/render-metrics.ts";
import { nodeHttp, nodeStream } from "../lazy-builtins.ts";

/** Where a scraper finds the metrics. */
export interface PrometheusAddress {
  readonly host: string;
  readonly port: number;
}

/** Servers of the SDK: observing their requests would make metrics of being asked for metrics. */
const servers = new WeakSet<object>();

/** Whether a server is the SDK's own. */
export function isPrometheusServer(server: unknown): boolean {
  return typeof server === "object" && server !== null && servers.has(server);
}

/**
 * Answers `GET /metrics` at this address, as `OTEL_METRICS_EXPORTER=prometheus` asks. It keeps no
 * process alive; a port that is taken is reported, and the service goes on. Gives the server.
 */
export function servePrometheus(
  { host, port }: PrometheusAddress,
  metrics: (accept: string | undefined) => Promise<MetricsStream>,
  report: (message: string) => void,
): Server {
  const server = nodeHttp().createServer(async (request, response) => {
    if (request.url?.split("?")[0] !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    const { contentType, pieces } = await metrics(request.headers.accept);
    response.writeHead(200, { "content-type": contentType });
    // A scraper that hangs up is no matter of the service.
    nodeStream().pipeline(pieces, response, () => {});
  });
  servers.add(server);
  server.on("error", (error) =>
    report(`cannot serve metrics on ${host}:${port}: ${error.message}`),
  );
  return server.listen(port, host).unref();
}
