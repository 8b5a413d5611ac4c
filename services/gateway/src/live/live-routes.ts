import type { Telemetry } from "@avx/sdk";
import { AvxMetrics } from "@avx/sdk/avx-metrics";
import type { FastifyInstance } from "fastify";
import type { LiveLatencies } from "./live-latencies.ts";
import {
  anomaliesAnswer,
  type LiveInput,
  qualityAnswer,
  realtimeAnswer,
} from "./realtime-answer.ts";

/** Whose latencies are shown, and by which clock. */
export interface LiveRouteOptions {
  readonly telemetry: Telemetry;
  readonly latencies: LiveLatencies;
  readonly nowMs: () => number;
}

/** `/metrics/realtime`, `/metrics/anomalies` and `/metrics/quality`. */
export function registerLiveRoutes(app: FastifyInstance, options: LiveRouteOptions): void {
  const analysis = new AvxMetrics();
  const input = (): LiveInput => {
    const nowMs = options.nowMs();
    const latencies = options.latencies.recent(nowMs);
    return { service: options.telemetry.serviceName, nowMs, latencies, analysis };
  };
  const schema = (summary: string) => ({ schema: { tags: ["live metrics"], summary } });
  app.get("/metrics/realtime", schema("Latency of the last 5 minutes"), () =>
    realtimeAnswer(input()),
  );
  app.get("/metrics/anomalies", schema("Unusual seconds of the last 5 minutes"), () =>
    anomaliesAnswer(input()),
  );
  app.get("/metrics/quality", schema("Data quality of the last 5 minutes"), () =>
    qualityAnswer(input()),
  );
}
