import { createEnsembleDetector, type Detector } from "@avx/analysis";

/** What a detector says of one sample that it finds unusual. */
export interface SignalFinding {
  readonly detector: string;
  readonly score: number;
  readonly threshold: number;
  readonly expectedLower: number | null;
  readonly expectedUpper: number | null;
}

/** Judges the samples of one signal as they come. */
export interface SignalDetector {
  /** Undefined while the sample is as expected, or history is too short to tell. */
  push(timestampMs: number, value: number): SignalFinding | undefined;
}

/** Half an hour at one sample in 5 s. */
const HISTORY_SAMPLES = 360;

/** The ensemble of the named baselines over the last half hour. */
export function createSignalDetector(
  detector: Detector = createEnsembleDetector(),
): SignalDetector {
  const timestampsMs: number[] = [];
  const values: number[] = [];
  return {
    push(timestampMs, value) {
      timestampsMs.push(timestampMs);
      values.push(value);
      if (values.length > HISTORY_SAMPLES) {
        timestampsMs.shift();
        values.shift();
      }
      const { anomalies } = detector.detect({
        timestampsMs: Float64Array.from(timestampsMs),
        values: Float64Array.from(values),
      });
      const last = anomalies.at(-1);
      if (last === undefined || last.index !== values.length - 1) return undefined;
      return {
        detector: last.type,
        score: last.score,
        threshold: last.threshold,
        expectedLower: finiteOrNull(last.expectedLower),
        expectedUpper: finiteOrNull(last.expectedUpper),
      };
    },
  };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
