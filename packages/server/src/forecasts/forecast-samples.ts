import {
  type LabelledSeries,
  labelsFromRecord,
  METRIC_NAME,
  type MetricMetadata,
} from "@avx/model";
import { SERVICE_LABEL } from "@avx/sre";

/** The series that a stored forecast, or its outcome, belongs to. */
export interface ForecastKey {
  readonly service: string;
  readonly signal: string;
  /** `5m`: how long after the sample's time the forecast is for. */
  readonly horizon: string;
}

/** Names of the stored series. */
export const FORECAST_METRICS = {
  mean: "avx_forecast_mean",
  lower: "avx_forecast_lower",
  upper: "avx_forecast_upper",
  errorRatio: "avx_forecast_error_ratio",
  withinBounds: "avx_forecast_within_bounds",
} as const;

/** Descriptions for the metric browser. */
export const FORECAST_METADATA: readonly MetricMetadata[] = [
  gauge(FORECAST_METRICS.mean, "Forecast made at this time for one horizon later."),
  gauge(FORECAST_METRICS.lower, "Lower 95 % bound of the forecast made at this time."),
  gauge(FORECAST_METRICS.upper, "Upper 95 % bound of the forecast made at this time."),
  gauge(
    FORECAST_METRICS.errorRatio,
    "Error of the forecast for this time, as a share of what was measured.",
  ),
  gauge(FORECAST_METRICS.withinBounds, "1 when what was measured lay within the forecast bounds."),
];

function gauge(name: string, help: string): MetricMetadata {
  return { name, type: "gauge", unit: "", help };
}

/** One sample of a stored forecast. */
export function forecastSample(
  name: (typeof FORECAST_METRICS)[keyof typeof FORECAST_METRICS],
  { service, signal, horizon }: ForecastKey,
  { timestampMs, value }: { readonly timestampMs: number; readonly value: number },
): LabelledSeries {
  return {
    labels: labelsFromRecord({ [METRIC_NAME]: name, [SERVICE_LABEL]: service, signal, horizon }),
    timestampsMs: Float64Array.of(timestampMs),
    values: Float64Array.of(value),
  };
}
