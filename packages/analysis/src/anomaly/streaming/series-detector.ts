import {
  type Anomaly,
  type Detector,
  emptyColumns,
  type Judgement,
  writeJudgement,
} from "../detector.ts";
import { createStreamingDetector, type StreamingOptions } from "./streaming-detector.ts";

/** The score from which a sample belongs to an open alarm. */
const OPEN_SCORE = 0.5;

/**
 * The streaming detector over a stored series, as one of the named detectors: each anomaly is the
 * sample that would have been paged. Scores lie between 0 and 1 for every finite sample in order.
 */
export function createStreamingSeriesDetector(options: StreamingOptions = {}): Detector {
  return {
    type: "Streaming",
    detect(series) {
      const detector = createStreamingDetector(options);
      const columns = emptyColumns(series.values.length);
      const anomalies: Anomaly[] = [];
      for (const [index, value] of series.values.entries()) {
        if (!Number.isFinite(value)) continue;
        const timestampMs = series.timestampsMs[index]!;
        const { score, expectedLower, expectedUpper, page } = detector.push(timestampMs, value);
        const judgement: Judgement = { score, expectedLower, expectedUpper };
        writeJudgement(columns, index, judgement);
        if (!page) continue;
        const sample = {
          index,
          timestampMs,
          value,
          type: "Streaming",
          threshold: OPEN_SCORE,
        } as const;
        anomalies.push({ ...sample, ...judgement });
      }
      return { ...columns, anomalies };
    },
  };
}
