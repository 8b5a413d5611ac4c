import { assessQuality } from "@avx/analysis";
import type { AvxContext, DocumentForecast, DocumentQuality } from "@avx/model";
import type { QueryEngine } from "@avx/promql";
import { buildMetricDocument, type IntervalMeasurements, requestRateQuery } from "@avx/sre";
import type { DocumentStore } from "@avx/store";
import type { AnomalyJournal } from "../anomalies/anomaly-journal.ts";
import type { FitPool } from "../forecasts/fit-pool.ts";
import { inLanes } from "../forecasts/in-lanes.ts";
import type { ServiceForecasts } from "../forecasts/service-forecasts.ts";
import { REQUEST_RATE } from "../forecasts/service-signals.ts";
import { rangeByService } from "../signals/by-service.ts";
import { contextByService } from "../signals/document-context.ts";
import { forecastRequestRate } from "../signals/forecast-rate.ts";
import { measureInterval } from "../signals/interval-measurements.ts";

/** A document covers one minute. */
export const DOCUMENT_INTERVAL_MS = 60_000;
const FORECAST_STEPS = 5;
/** Each asks a few queries; more at once would only wait for each other. */
const SERVICES_AT_ONCE = 8;
/** Quality is judged over the last quarter of an hour, at the resolution of usual exports. */
const QUALITY_SPAN_MS = 900_000;
const QUALITY_STEP_MS = 15_000;

const UNKNOWN_CONTEXT: AvxContext = { stack: "", layer: "", env: "", cluster: "", mesh: "" };

/** Where measurements come from and documents go. */
export interface DocumentPorts {
  readonly engine: QueryEngine;
  readonly documents: DocumentStore;
  readonly anomalies: AnomalyJournal;
  readonly fits: FitPool;
  readonly forecasts: Pick<ServiceForecasts, "next" | "knows">;
}

/** Writes the document of every service for the minute that ends at `endMs`. Returns how many. */
export async function writeDocuments(ports: DocumentPorts, endMs: number): Promise<number> {
  const { engine, documents } = ports;
  const [measurements, contexts] = await Promise.all([
    measureInterval(engine, endMs, DOCUMENT_INTERVAL_MS),
    contextByService(engine, endMs),
  ]);
  const written = await inLanes([...measurements], SERVICES_AT_ONCE, ([service, measured]) =>
    serviceDocument(ports, { service, measured, endMs, context: contexts.get(service) }),
  );
  if (written.length > 0) await documents.insertBatch(written);
  return written.length;
}

interface ServiceInterval {
  readonly service: string;
  readonly measured: IntervalMeasurements;
  readonly endMs: number;
  readonly context: AvxContext | undefined;
}

async function serviceDocument(ports: DocumentPorts, interval: ServiceInterval) {
  const { service, measured, endMs, context } = interval;
  const [quality, forecast] = await Promise.all([
    rateQuality(ports.engine, service, endMs),
    rateForecast(ports, service, endMs),
  ]);
  const found = ports.anomalies.search({
    service,
    startMs: endMs - DOCUMENT_INTERVAL_MS,
    endMs: endMs - 1,
    limit: 100,
  });
  return buildMetricDocument({
    service,
    timestampMs: endMs,
    context: context ?? UNKNOWN_CONTEXT,
    measured,
    quality,
    anomalies: found.map((event) => ({
      timestamp: new Date(event.timestampMs).toISOString(),
      value: event.unit === "s" ? event.value * 1000 : event.value,
      type: event.detector,
      score: event.score,
      threshold: event.threshold,
    })),
    ...(forecast === undefined ? {} : { forecast }),
  });
}

async function rateQuality(
  engine: QueryEngine,
  service: string,
  endMs: number,
): Promise<DocumentQuality | null> {
  const range = { startMs: endMs - QUALITY_SPAN_MS, endMs, stepMs: QUALITY_STEP_MS };
  const query = requestRateQuery({ service, windowMs: DOCUMENT_INTERVAL_MS });
  const series = (await rangeByService(engine, query, range)).get(service);
  if (series === undefined) return null;
  const assessed = assessQuality(series, {
    stepMs: QUALITY_STEP_MS,
    validRange: { lower: 0, upper: Number.POSITIVE_INFINITY },
  });
  return {
    accuracy: assessed.accuracy,
    completeness: assessed.completeness,
    consistency: assessed.consistency,
    validity: assessed.validity,
    overall_score: assessed.overallScore,
    meets_nasa_standards: assessed.meetsStandard,
  };
}

/** From the scheduled forecast; until it has run once, from one of its own. */
async function rateForecast(
  { engine, fits, forecasts }: DocumentPorts,
  service: string,
  nowMs: number,
): Promise<DocumentForecast | undefined> {
  const key = { signal: REQUEST_RATE.name, service };
  const next = forecasts.next(key, nowMs, FORECAST_STEPS);
  if (next !== undefined) {
    return { next_5min: next.mean, model: next.model, confidence: next.level };
  }
  if (forecasts.knows(key)) return undefined;
  const stepMs = DOCUMENT_INTERVAL_MS;
  const request = { service, steps: FORECAST_STEPS, stepMs, nowMs, mode: "fast" } as const;
  const answer = await forecastRequestRate({ engine, fits }, { ...request, urgent: false });
  if (answer.kind !== "forecast") return undefined;
  return { next_5min: answer.mean, model: answer.model, confidence: answer.level };
}
