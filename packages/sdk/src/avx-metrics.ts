import {
  type Anomaly,
  arima,
  assessQuality,
  createStreamingSeriesDetector,
  createTimeSeries,
  type Detector,
  type Forecaster,
  type QualityAssessment,
  type QualityOptions,
  type Summary,
  summarize,
  type TimeSeries,
} from "@avx/analysis";
import { AvxError } from "@avx/model";
import type { LatencyColumns } from "./latency-collector.ts";
import { meansByStep } from "./means-by-step.ts";

export type { Anomaly, QualityAssessment, Summary, TimeSeries } from "@avx/analysis";

/** Single requests scatter; their means by second show what is unusual. */
const DEFAULT_STEP_MS = 1000;
const DEFAULT_LEVEL = 0.95;

/** What decides; each has a default. */
export interface AvxMetricsOptions {
  /** The streaming detector, as the server has it, when absent. */
  readonly detector?: Detector;
  /** ARIMA(1,1,1) when absent. */
  readonly forecaster?: Forecaster;
  /** Latencies are judged by their means over this time. */
  readonly stepMs?: number;
}

/** What a set of latencies looks like, in milliseconds, and which moments were unusual. */
export interface LatencyReport {
  /** Of the single latencies. Of none, `count` is 0 and all else is NaN. */
  readonly statistics: Summary;
  /** Of the means by step, oldest first. */
  readonly anomalies: readonly Anomaly[];
}

/** A forecast, or how much history it would need. */
export type MetricForecast =
  | {
      readonly kind: "forecast";
      /** Name of the model that was fitted. */
      readonly model: string;
      readonly level: number;
      /** Unix time in milliseconds of each step. */
      readonly timestampsMs: Float64Array;
      readonly mean: Float64Array;
      readonly lower: Float64Array;
      readonly upper: Float64Array;
    }
  | {
      readonly kind: "insufficient-history";
      readonly haveSamples: number;
      readonly neededSamples: number;
    };

/** What to forecast. */
export interface ForecastRequest {
  readonly steps: number;
  /** Share of outcomes that the interval should hold; 0.95 when absent. */
  readonly level?: number;
}

/** The analysis of a service's own numbers, inside the service: no server is asked. */
export class AvxMetrics {
  readonly #detector: Detector;
  readonly #forecaster: Forecaster;
  readonly #stepMs: number;

  constructor(options: AvxMetricsOptions = {}) {
    // A mean stands for many requests: it needs no second one to be believed.
    this.#detector = options.detector ?? createStreamingSeriesDetector({ confirms: false });
    this.#forecaster = options.forecaster ?? arima({ p: 1, d: 1, q: 1 });
    this.#stepMs = options.stepMs ?? DEFAULT_STEP_MS;
    if (!(this.#stepMs > 0)) {
      const reason = `must be above 0, got ${this.#stepMs}`;
      throw new AvxError("invalid_parameter", { parameter: "stepMs", reason });
    }
  }

  /** Summarises latencies, for example `collector.since(...)`, and finds unusual moments. */
  trackLatencies(latencies: LatencyColumns): LatencyReport {
    return {
      statistics: summarize(latencies.latenciesMs),
      anomalies: this.#detector.detect(meansByStep(latencies, this.#stepMs)).anomalies,
    };
  }

  /** Quality of latencies by their means: are steps missing, impossible, jumping, implausible? */
  assessLatencyQuality(latencies: LatencyColumns): QualityAssessment {
    const validRange = { lower: 0, upper: Number.MAX_VALUE };
    return this.assessQuality(meansByStep(latencies, this.#stepMs), {
      stepMs: this.#stepMs,
      validRange,
    });
  }

  /** Quality of any series, as `assessQuality` of @avx/analysis. */
  assessQuality(series: TimeSeries, options: QualityOptions = {}): QualityAssessment {
    return assessQuality(series, options);
  }

  /**
   * Forecasts the next steps of an evenly spaced series from its samples since the last gap.
   * Bounds and mean are in the unit of the series. Throws for a step count that is not positive.
   */
  forecastMetric(series: TimeSeries, request: ForecastRequest): MetricForecast {
    const { steps, level = DEFAULT_LEVEL } = request;
    const { run, stepMs } = latestRun(series);
    const fit = this.#forecaster.fit(run);
    if (fit.kind === "insufficient-history") {
      const { neededSamples } = fit;
      return { kind: fit.kind, haveSamples: run.values.length, neededSamples };
    }
    const { mean, lower, upper } = fit.model.forecast(steps, level);
    const lastMs = run.timestampsMs.at(-1) ?? 0;
    const timestampsMs = mean.map((_, i) => lastMs + (i + 1) * stepMs);
    return { kind: "forecast", model: fit.model.name, level, timestampsMs, mean, lower, upper };
  }
}

/** The samples after the last gap: a model must not take a gap for one step of time. */
function latestRun(series: TimeSeries): { run: TimeSeries; stepMs: number } {
  const { timestampsMs, values } = series;
  const end = values.length;
  const stepMs = end < 2 ? 0 : smallestStep(timestampsMs);
  let start = end;
  while (start > 0 && Number.isFinite(values[start - 1])) {
    if (start < end && timestampsMs[start]! - timestampsMs[start - 1]! !== stepMs) break;
    start--;
  }
  return { run: createTimeSeries(timestampsMs.slice(start), values.slice(start)), stepMs };
}

function smallestStep(timestampsMs: Float64Array): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < timestampsMs.length; i++) {
    smallest = Math.min(smallest, timestampsMs[i]! - timestampsMs[i - 1]!);
  }
  return smallest;
}
