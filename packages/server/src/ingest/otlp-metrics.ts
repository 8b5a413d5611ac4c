import {
  decodeOtlpMetricsJson,
  decodeOtlpMetricsProtobuf,
  type OtlpMetric,
  otlpToPrometheus,
} from "@avx/wire";
import { USUAL_OTLP_NAMES } from "../scrape/parse-otlp-names.ts";
import type { IngestPorts, IngestReply, IngestRequest } from "./ingest-request.ts";
import { acceptablePoints } from "./metric-points.ts";
import { answerOtlp } from "./otlp-answer.ts";
import { Refusals } from "./refusals.ts";
import { timeWindow } from "./time-window.ts";

/** `POST /v1/metrics` and `/api/v1/otlp/v1/metrics`: OTLP data points become Prometheus series. */
export function handleOtlpMetrics(
  request: IngestRequest,
  ports: IngestPorts,
): Promise<IngestReply> {
  return answerOtlp(request, ports, {
    signal: "metrics",
    decode: { protobuf: decodeOtlpMetricsProtobuf, json: decodeOtlpMetricsJson },
    count: (metrics) => metrics.reduce((points, metric) => points + metric.points.length, 0),
    take: takeMetrics,
  });
}

async function takeMetrics(metrics: readonly OtlpMetric[], ports: IngestPorts): Promise<Refusals> {
  const { store, deltas, pointLabels: labels } = ports;
  const refusals = new Refusals();
  const accepted = acceptablePoints(metrics, timeWindow(ports), refusals);
  const names = ports.otlpNames?.() ?? USUAL_OTLP_NAMES;
  const named = otlpToPrometheus(accepted, { ...names, deltas, labels });
  for (const [reason, points] of named.faults) refusals.add(reason, points);
  if (named.series.length + named.packed.labels.length === 0) return refusals;
  try {
    const { rejected, reason } = await store.metrics.append(named);
    refusals.addFromStore(rejected, reason);
  } catch (error) {
    deltas.rollback(named.deltaChanges);
    throw error;
  }
  return refusals;
}
