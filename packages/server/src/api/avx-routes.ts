import type { QueryEngine } from "@avx/promql";
import type { DocumentStore } from "@avx/store";
import type { FastifyInstance } from "fastify";
import type { AnomalyJournal } from "../anomalies/anomaly-journal.ts";
import type { DocumentsAnswer, ServicesAnswer } from "../contract.ts";
import { serviceSummaries } from "../signals/service-summaries.ts";
import { hangUpSignal } from "./hang-up-signal.ts";
import { integerParameter, invalid, requestParameters, timeParameterMs } from "./parameters.ts";

/** What the AVX routes ask. */
export interface AvxPorts {
  readonly engine: QueryEngine;
  readonly documents: DocumentStore;
  readonly anomalies: AnomalyJournal;
  readonly nowMs: () => number;
}

const HOUR_MS = 3_600_000;
/** A week of minute documents of one service, or an hour of 168 services. */
const MAX_DOCUMENTS = 10_080;

/** `/api/avx/services`, `documents`. */
export function registerAvxRoutes(app: FastifyInstance, ports: AvxPorts): void {
  const { engine, documents, anomalies, nowMs } = ports;

  app.get("/api/avx/services", async (request): Promise<ServicesAnswer> => {
    const range = avxRange(requestParameters(request), nowMs());
    const openAnomalies = anomalies.openByService();
    const services = await serviceSummaries(engine, { ...range, nowMs: nowMs(), openAnomalies });
    return { nowMs: nowMs(), services };
  });

  app.get("/api/avx/documents", async (request, reply): Promise<DocumentsAnswer> => {
    const parameters = requestParameters(request);
    const limit = integerParameter(parameters, "limit", {
      min: 1,
      max: MAX_DOCUMENTS,
      fallback: 1440,
    });
    const range = avxRange(parameters, nowMs());
    const service = parameters.get("service") ?? "";
    const asked = { service, range, limit };
    return { documents: await documents.query(asked, hangUpSignal(reply)) };
  });
}

/** `start` and `end` as in the Prometheus API; the last hour when absent. */
export function avxRange(
  parameters: URLSearchParams,
  nowMs: number,
): { startMs: number; endMs: number } {
  const endMs = timeParameterMs(parameters, "end", nowMs);
  const startMs = timeParameterMs(parameters, "start", endMs - HOUR_MS);
  if (endMs < startMs) throw invalid("end", "end timestamp must not be before start time");
  return { startMs, endMs };
}
