import { type LabelledSeries, labelsToRecord } from "@avx/model";
import type { QueryEngine } from "@avx/promql";
import { SERVICE_LABEL } from "@avx/sre";
import { FORECAST_METRICS, type ForecastKey, forecastSample } from "./forecast-samples.ts";

/** What was measured now, by signal and service. */
export type MeasuredNow = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** For which time and how old the forecasts are that are now judged. */
export interface Judgement {
  readonly nowMs: number;
  readonly horizon: string;
  readonly horizonMs: number;
  /** A forecast may have been made so much earlier: two runs are never exactly apart. */
  readonly toleranceMs: number;
}

interface StoredForecast {
  readonly key: ForecastKey;
  mean?: number;
  lower?: number;
  upper?: number;
}

const PARTS = ["mean", "lower", "upper"] as const;

/** Compares what was forecast one horizon ago with what is measured now. */
export async function realisedErrors(
  engine: QueryEngine,
  measured: MeasuredNow,
  judgement: Judgement,
): Promise<readonly LabelledSeries[]> {
  const { nowMs } = judgement;
  const samples: LabelledSeries[] = [];
  for (const forecast of await storedForecasts(engine, judgement)) {
    const { key, mean, lower, upper } = forecast;
    const actual = measured.get(key.signal)?.get(key.service);
    if (actual === undefined || !Number.isFinite(actual)) continue;
    const put = (metric: "errorRatio" | "withinBounds", value: number): void => {
      samples.push(forecastSample(FORECAST_METRICS[metric], key, { timestampMs: nowMs, value }));
    };
    // A share of 0 is nothing.
    if (mean !== undefined && actual !== 0)
      put("errorRatio", Math.abs(actual - mean) / Math.abs(actual));
    if (lower !== undefined && upper !== undefined)
      put("withinBounds", Number(actual >= lower && actual <= upper));
  }
  return samples;
}

async function storedForecasts(
  engine: QueryEngine,
  { nowMs, horizon, horizonMs, toleranceMs }: Judgement,
): Promise<Iterable<StoredForecast>> {
  const found = new Map<string, StoredForecast>();
  for (const part of PARTS) {
    const { value } = await engine.instant({
      query: `${FORECAST_METRICS[part]}{horizon="${horizon}"}`,
      timeMs: nowMs - horizonMs,
      lookbackMs: toleranceMs,
    });
    if (value.type !== "vector") continue;
    for (const sample of value.samples) {
      const labels = labelsToRecord(sample.labels);
      const key = {
        service: labels[SERVICE_LABEL] ?? "",
        signal: labels["signal"] ?? "",
        horizon,
      };
      const id = JSON.stringify(key);
      const forecast = found.get(id) ?? { key };
      forecast[part] = sample.value;
      found.set(id, forecast);
    }
  }
  return found.values();
}
