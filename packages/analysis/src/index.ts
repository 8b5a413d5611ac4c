// Series and errors
export {
  ANALYSIS_ERROR_TABLE,
  AnalysisError,
  type AnalysisErrorCode,
  type AnalysisErrorFacts,
} from "./analysis-error.ts";
export { createEnsembleDetector, type EnsembleOptions } from "./anomaly/baselines/ensemble.ts";
export { createIqrDetector, type IqrOptions } from "./anomaly/baselines/iqr.ts";
export {
  createMovingAverageDetector,
  type MovingAverageOptions,
} from "./anomaly/baselines/moving-average.ts";
export { createZScoreDetector, type ZScoreOptions } from "./anomaly/baselines/z-score.ts";
// Anomaly detection
export {
  type BayesianChangePointOptions,
  createBayesianChangePoint,
  type RunBelief,
} from "./anomaly/batch/bayesian-change-point.ts";
export {
  type EsdStep,
  type GeneralizedEsdOptions,
  generalizedEsdOutliers,
  generalizedEsdSteps,
} from "./anomaly/batch/generalized-esd.ts";
export {
  growIsolationForest,
  type IsolationForest,
  type IsolationForestOptions,
} from "./anomaly/batch/isolation-forest.ts";
export {
  type KMeansWindowModel,
  type KMeansWindowOptions,
  trainKMeansWindows,
} from "./anomaly/batch/k-means-windows.ts";
export { leftMatrixProfile } from "./anomaly/batch/matrix-profile.ts";
export { type PeltOptions, peltChangePoints } from "./anomaly/batch/pelt.ts";
export {
  createRandomCutForest,
  type RandomCutForest,
  type RandomCutForestOptions,
} from "./anomaly/batch/random-cut-forest.ts";
export { type SeasonalEsdOptions, seasonalEsdOutliers } from "./anomaly/batch/seasonal-esd.ts";
export { subPcaScores } from "./anomaly/batch/sub-pca.ts";
export type { Anomaly, AnomalyType, Detection, Detector } from "./anomaly/detector.ts";
export {
  createServiceDetector,
  type ServiceDetector,
  type ServiceDetectorOptions,
  type ServiceDetectorState,
  type ServiceVerdict,
  type SignalShare,
} from "./anomaly/multivariate/service-detector.ts";
export { createStreamingSeriesDetector } from "./anomaly/streaming/series-detector.ts";
export {
  createStreamingDetector,
  type StreamingDetector,
  type StreamingOptions,
  type StreamingState,
} from "./anomaly/streaming/streaming-detector.ts";
export type { StreamingReason, StreamingVerdict } from "./anomaly/streaming/verdict.ts";
export type { WeekProfile } from "./anomaly/streaming/week-profile.ts";
// Control charts
export {
  type ControlChart,
  type ControlLimits,
  controlLimits,
  individualsChart,
} from "./control/control-chart.ts";
export {
  type RuleViolation,
  WESTERN_ELECTRIC_RULES,
  type WesternElectricRule,
  westernElectricViolations,
} from "./control/western-electric.ts";
export type { ArimaOrder, SeasonalOrder } from "./forecasting/arima/arima-order.ts";
export { arima } from "./forecasting/arima.ts";
// Forecasting
export { type AutoForecastOptions, autoForecast } from "./forecasting/auto/auto-forecast.ts";
export type { AutoForecast, RefusalReason } from "./forecasting/auto/auto-forecast-result.ts";
export type { BacktestSummary } from "./forecasting/auto/backtest-summary.ts";
export type { ForecastChoice } from "./forecasting/auto/forecast-choice.ts";
export {
  assessForecastability,
  DEFAULT_TOLERANCE,
  type Forecastability,
} from "./forecasting/auto/forecastability.ts";
export { doubleExponentialSmoothing } from "./forecasting/double-exponential-smoothing.ts";
export {
  type FitResult,
  type FittedModel,
  type Forecast,
  type Forecaster,
  MAX_HORIZON_STEPS,
} from "./forecasting/forecaster.ts";
export {
  createForecaster,
  FORECASTER_NAMES,
  type ForecasterName,
  type Seasons,
} from "./forecasting/registry.ts";
export { simpleExponentialSmoothing } from "./forecasting/simple-exponential-smoothing.ts";
export {
  type TripleSmoothingOptions,
  tripleExponentialSmoothing,
} from "./forecasting/triple-exponential-smoothing.ts";
// Data quality
export {
  assessQuality,
  QUALITY_STANDARD,
  QUALITY_WEIGHTS,
  type QualityAssessment,
  type QualityOptions,
  weightedScore,
} from "./quality/data-quality.ts";
export type { PlausibleBand } from "./quality/plausibility.ts";
export { createRandom, type Random } from "./random.ts";
// Transformations of a series
export { exponentialAverage, movingAverage } from "./series/averages.ts";
export { difference, percentageChange } from "./series/difference.ts";
export { type ResampleMethod, resampleSeries } from "./series/resample.ts";
// Statistics
export { autocorrelation } from "./statistics/autocorrelation.ts";
export {
  maximum,
  mean,
  minimum,
  populationStandardDeviation,
  standardDeviation,
  variance,
} from "./statistics/moments.ts";
export { MAD_TO_SIGMA, median, medianAbsoluteDeviation, quantile } from "./statistics/quantile.ts";
export { type Summary, summarize } from "./statistics/summary.ts";
export {
  createTimeSeries,
  evenlySpaced,
  seriesWindows,
  sliceSeries,
  type TimeBounds,
  type TimeSeries,
} from "./time-series.ts";
