// Series and errors
export {
  ANALYSIS_ERROR_TABLE,
  AnalysisError,
  type AnalysisErrorCode,
  type AnalysisErrorFacts,
} from "./analysis-error.ts";
export { createRandom, type Random } from "./random.ts";
export {
  createTimeSeries,
  evenlySpaced,
  seriesWindows,
  sliceSeries,
  type TimeBounds,
  type TimeSeries,
} from "./time-series.ts";
