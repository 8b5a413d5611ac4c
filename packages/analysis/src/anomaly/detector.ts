import type { TimeSeries } from "../time-series.ts";

/** The detector that made a finding, by its public name. */
export type AnomalyType = "ZScore" | "Iqr" | "MovingAverage" | "Ensemble" | "Streaming";

/** One sample that lies outside what its detector expected. */
export interface Anomaly {
  readonly index: number;
  readonly timestampMs: number;
  readonly value: number;
  readonly type: AnomalyType;
  /** Distance in the detector's own unit; above `threshold` here. May be infinite. */
  readonly score: number;
  readonly threshold: number;
  readonly expectedLower: number;
  readonly expectedUpper: number;
}

/** What a detector says about every sample; all columns have the length of the series. */
export interface Detection {
  /** `NaN` where the detector had too little history or the value is not finite. */
  readonly scores: Float64Array;
  readonly expectedLower: Float64Array;
  readonly expectedUpper: Float64Array;
  readonly anomalies: readonly Anomaly[];
}

/**
 * The contract of every detector over a stored series. It is causal: what it says of sample `i`
 * depends on samples 0 to `i` only, so a stored series scores as the live stream did.
 */
export interface Detector {
  readonly type: AnomalyType;
  detect(series: TimeSeries): Detection;
}

/** How one value compares with the history that a model has learned so far. */
export interface Judgement {
  readonly score: number;
  readonly expectedLower: number;
  readonly expectedUpper: number;
}

/** History behind a detector: judges the next value, then learns it. Gets finite values only. */
export interface HistoryModel {
  /** `undefined` while there is too little history. */
  judge(value: number): Judgement | undefined;
  learn(value: number): void;
}

/** A detector that judges each finite sample by a fresh model of the samples before it. */
export function createHistoryDetector(options: {
  readonly type: AnomalyType;
  readonly threshold: number;
  readonly createModel: () => HistoryModel;
}): Detector {
  const { type, threshold, createModel } = options;
  return {
    type,
    detect(series) {
      const model = createModel();
      const columns = emptyColumns(series.values.length);
      for (const [i, value] of series.values.entries()) {
        if (!Number.isFinite(value)) continue;
        const judgement = model.judge(value);
        if (judgement !== undefined) writeJudgement(columns, i, judgement);
        model.learn(value);
      }
      return { ...columns, anomalies: collectAnomalies(series, columns, { type, threshold }) };
    },
  };
}

/** Scores and band of a series, before anomalies are read off. */
export type JudgementColumns = Omit<Detection, "anomalies">;

/** Columns of `NaN`. */
export function emptyColumns(length: number): JudgementColumns {
  const column = () => new Float64Array(length).fill(Number.NaN);
  return { scores: column(), expectedLower: column(), expectedUpper: column() };
}

/** Puts a judgement at index `i`. */
export function writeJudgement(columns: JudgementColumns, i: number, judgement: Judgement): void {
  columns.scores[i] = judgement.score;
  columns.expectedLower[i] = judgement.expectedLower;
  columns.expectedUpper[i] = judgement.expectedUpper;
}

/** The samples whose score is above the threshold. */
export function collectAnomalies(
  series: TimeSeries,
  columns: JudgementColumns,
  { type, threshold }: { readonly type: AnomalyType; readonly threshold: number },
): Anomaly[] {
  const anomalies: Anomaly[] = [];
  for (const [index, score] of columns.scores.entries()) {
    if (!(score > threshold)) continue;
    anomalies.push({
      index,
      timestampMs: series.timestampsMs[index]!,
      value: series.values[index]!,
      type,
      score,
      threshold,
      expectedLower: columns.expectedLower[index]!,
      expectedUpper: columns.expectedUpper[index]!,
    });
  }
  return anomalies;
}
