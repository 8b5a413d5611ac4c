import type { StreamingVerdict } from "@avx/analysis";
import { labelsFromRecord, METRIC_NAME } from "@avx/model";
import { SERVICE_LABEL } from "@avx/sre";
import type { MetricBatch } from "@avx/store";
import type { WatchedSeries } from "./series-watch.ts";

/** One evaluated sample. */
export interface Evaluation {
  readonly series: WatchedSeries;
  readonly timestampMs: number;
  readonly verdict: StreamingVerdict;
}

const RESULTS = [
  ["avx_anomaly_score", "score"],
  ["avx_expected_lower", "expectedLower"],
  ["avx_expected_upper", "expectedUpper"],
] as const;

/** Score and expected band as series, so that they can be drawn, queried and alerted on. */
export function resultSeries(evaluations: readonly Evaluation[]): MetricBatch {
  const series = evaluations.flatMap(({ series: watched, timestampMs, verdict }) =>
    RESULTS.filter(([, field]) => Number.isFinite(verdict[field])).map(([name, field]) => ({
      labels: labelsFromRecord({
        [METRIC_NAME]: name,
        [SERVICE_LABEL]: watched.service,
        signal: watched.signal,
        metric: watched.metric,
      }),
      timestampsMs: Float64Array.of(timestampMs),
      values: Float64Array.of(verdict[field]),
    })),
  );
  return { series, metadata: METADATA, exemplars: [] };
}

const METADATA: MetricBatch["metadata"] = [
  describe("avx_anomaly_score", "How unusual a signal is, 0 to 1; from 0.5 on an alarm is open."),
  describe("avx_expected_lower", "The lower bound in which a signal was expected."),
  describe("avx_expected_upper", "The upper bound in which a signal was expected."),
];

function describe(metricName: string, help: string): MetricBatch["metadata"][number] {
  return { name: metricName, type: "gauge", help, unit: "" };
}
