import { AnalysisError, requireInteger } from "../../analysis-error.ts";
import { median } from "../../statistics/quantile.ts";
import {
  collectAnomalies,
  type Detection,
  type Detector,
  emptyColumns,
  writeJudgement,
} from "../detector.ts";
import { createIqrDetector } from "./iqr.ts";
import { createMovingAverageDetector } from "./moving-average.ts";
import { createZScoreDetector } from "./z-score.ts";

/** Who votes, and how many must agree. */
export interface EnsembleOptions {
  /** z-score, IQR and moving average with their defaults, when not given. */
  readonly members?: readonly Detector[];
  /** Members that must agree; a majority of them by default. */
  readonly votes?: number;
}

/**
 * A vote: the score of a sample is the share of members that call it anomalous, and it is anomalous
 * when at least `votes` do. The band is the median of the members' bounds.
 */
export function createEnsembleDetector(options: EnsembleOptions = {}): Detector {
  const members = options.members ?? [
    createZScoreDetector(),
    createIqrDetector(),
    createMovingAverageDetector(),
  ];
  const votes = options.votes ?? Math.floor(members.length / 2) + 1;
  requireInteger("votes", votes, 1);
  if (votes > members.length) {
    const reason = `${votes} votes asked of ${members.length} members`;
    throw new AnalysisError("invalid_parameter", { parameter: "votes", reason });
  }
  // Half a vote below the quorum, so that "above the threshold" means "at least that many votes".
  const threshold = (votes - 0.5) / members.length;
  return {
    type: "Ensemble",
    detect(series) {
      const detections = members.map((member) => member.detect(series));
      const columns = combine(detections, series.values.length);
      const anomalies = collectAnomalies(series, columns, { type: "Ensemble", threshold });
      return { ...columns, anomalies };
    },
  };
}

function combine(detections: readonly Detection[], length: number) {
  const columns = emptyColumns(length);
  const flags = detections.map(({ anomalies }) => new Set(anomalies.map(({ index }) => index)));
  for (let i = 0; i < length; i++) {
    const judged = detections.filter(({ scores }) => !Number.isNaN(scores[i]));
    if (judged.length === 0) continue;
    writeJudgement(columns, i, {
      score: flags.filter((flagged) => flagged.has(i)).length / detections.length,
      expectedLower: median(Float64Array.from(judged, (d) => d.expectedLower[i]!)),
      expectedUpper: median(Float64Array.from(judged, (d) => d.expectedUpper[i]!)),
    });
  }
  return columns;
}
