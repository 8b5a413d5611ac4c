import type { QueryEngine } from "@avx/promql";
import type { FastifyInstance } from "fastify";
import type { AnomalyDesk } from "../anomalies/anomaly-desk.ts";
import type { QualityAnswer, ServiceQualitiesAnswer } from "../contract.ts";
import { chartedQuality, QUALITY_SPAN_MS, serviceQualities } from "../signals/service-quality.ts";
import { invalid, requestParameters } from "./parameters.ts";

/** What the routes of data quality ask. */
export interface QualityRoutePorts {
  readonly engine: QueryEngine;
  readonly desk: AnomalyDesk;
  /** The usual distance of a service's samples; undefined before it is known. */
  readonly cadenceMs: (service: string) => number | undefined;
  readonly nowMs: () => number;
}

/** `/api/avx/quality` of one service, `/api/avx/quality/services` of all. */
export function registerQualityRoutes(app: FastifyInstance, ports: QualityRoutePorts): void {
  const { desk, nowMs } = ports;
  app.get("/api/avx/quality", async (request): Promise<QualityAnswer> => {
    const service = requestParameters(request).get("service") ?? "";
    if (service === "") throw invalid("service", "no service given");
    const signals = await chartedQuality(ports, { service, nowMs: nowMs() });
    return { spanMs: QUALITY_SPAN_MS, signals, heldPages: desk.heldByService().get(service) ?? 0 };
  });

  app.get("/api/avx/quality/services", async (): Promise<ServiceQualitiesAnswer> => {
    const held = desk.heldByService();
    const found = await serviceQualities(ports, nowMs());
    const services = found.map((quality) => ({
      ...quality,
      heldPages: held.get(quality.service) ?? 0,
    }));
    return { spanMs: QUALITY_SPAN_MS, services };
  });
}
