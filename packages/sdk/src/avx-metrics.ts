import {
  type Anomaly,
  arima,
  assessQuality,
  autoForecast,
  createStreamingSeriesDetector,
  createTimeSeries,
  type Detector,
  type Forecaster,
  type QualityAssessment,
  type QualityOptions,
  type RefusalReason,
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
  /**
   * ARIMA(1,1,1) when absent; `auto` chooses and combines models by how they did on the past, `fast`
   * among a few cheap ones; both fill gaps, and refuse what they cannot forecast honestly.
   */
  readonly forecaster?: Forecaster | "auto" | "fast";
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

/** A forecast, or how much history it would need, or why there is none. */
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
    }
  | {
      /** Of `auto` and `fast` only. */
      readonly kind: "refused";
      readonly reason: Exclude<RefusalReason, "insufficient-history">;
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
  readonly #forecaster: Forecaster | "auto" | "fast";
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
   * Forecasts the next steps of an evenly spaced series: a model from its samples since the last gap,
   * `auto` and `fast` from all, with gaps filled.
   * Bounds and mean are in the unit of the series. Throws for a step count that is not positive.
   */
  forecastMetric(series: TimeSeries, request: ForecastRequest): MetricForecast {
    const { steps, level = DEFAULT_LEVEL } = request;
    if (typeof this.#forecaster === "string") {
      return chosenForecast(series, { mode: this.#forecaster, steps, level });
    }
    const { run, stepMs } = latestRun(series);
    const fit = this.#forecaster.fit(run);
    if (fit.kind === "insufficient-history") {
      const { neededSamples } = fit;
      return { kind: fit.kind, haveSamples: run.values.length, neededSamples };
    }
    const { mean, lower, upper } = fit.model.forecast(steps, level);
    const timestampsMs = timesAfter(run, stepMs, steps);
    return { kind: "forecast", model: fit.model.name, level, timestampsMs, mean, lower, upper };
  }
}

/** The forecast of the automatic choice, which answers with a reason where it has none. */
function chosenForecast(
  series: TimeSeries,
  request: { readonly mode: "auto" | "fast"; readonly steps: number; readonly level: number },
): MetricForecast {
  const { mode, steps, level } = request;
  const { run, stepMs } = latestRun(series);
  const found = autoForecast(series, { horizon: steps, level, mode });
  if (found.kind === "forecast") {
    const { model, mean, lower, upper } = found;
    const timestampsMs = timesAfter(run, stepMs, steps);
    return { kind: "forecast", model, level, timestampsMs, mean, lower, upper };
  }
  if (found.reason !== "insufficient-history") return { kind: "refused", reason: found.reason };
  const haveSamples = series.values.length;
  return { kind: found.reason, haveSamples, neededSamples: found.neededSamples ?? haveSamples + 1 };
}

function timesAfter({ timestampsMs }: TimeSeries, stepMs: number, steps: number): Float64Array {
  const lastMs = timestampsMs.at(-1) ?? 0;
  return Float64Array.from({ length: steps }, (_, i) => lastMs + (i + 1) * stepMs);
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
