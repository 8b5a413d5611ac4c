import { arima, type TimeSeries } from "@avx/analysis";
import type { LabelledSeries } from "@avx/model";
import type { QueryEngine } from "@avx/promql";
import { requestRateQuery } from "@avx/sre";
import type { ForecastAnswer } from "../contract.ts";
import { rangeByService } from "./by-service.ts";

/** History that the model learns from, in steps. */
const HISTORY_STEPS = 720;
const LEVEL = 0.95;

/** Whose rate, how many steps of what length, from which time on. */
export interface RateForecastRequest {
  readonly service: string;
  readonly steps: number;
  readonly stepMs: number;
  readonly nowMs: number;
}

/** Forecasts the request rate of a service from its stored history. */
export async function forecastRequestRate(
  engine: QueryEngine,
  request: RateForecastRequest,
): Promise<ForecastAnswer> {
  const { service, steps, stepMs, nowMs } = request;
  const endMs = Math.floor(nowMs / stepMs) * stepMs;
  const query = requestRateQuery({ service, windowMs: Math.max(60_000, stepMs) });
  const range = { startMs: endMs - HISTORY_STEPS * stepMs, endMs, stepMs };
  const series = latestRun((await rangeByService(engine, query, range)).get(service), stepMs);
  const fit = arima({ p: 1, d: 1, q: 1 }).fit(series);
  if (fit.kind === "insufficient-history") {
    const haveSamples = series.values.length;
    return { kind: fit.kind, haveSamples, neededSamples: fit.neededSamples };
  }
  const { mean, lower, upper } = fit.model.forecast(steps, LEVEL);
  const atLeastZero = (values: Float64Array): number[] =>
    [...values].map((value) => Math.max(0, value));
  return {
    kind: "forecast",
    model: fit.model.name,
    level: LEVEL,
    timestampsMs: [...mean].map((_, i) => endMs + (i + 1) * stepMs),
    mean: atLeastZero(mean),
    lower: atLeastZero(lower),
    upper: atLeastZero(upper),
  };
}

/** The samples since the last gap: a model must not take a gap for a step of time. */
function latestRun(series: LabelledSeries | undefined, stepMs: number): TimeSeries {
  if (series === undefined)
    return { timestampsMs: new Float64Array(0), values: new Float64Array(0) };
  const { timestampsMs, values } = series;
  let start = timestampsMs.length;
  while (start > 0 && Number.isFinite(values[start - 1]!)) {
    if (start < timestampsMs.length && timestampsMs[start]! - timestampsMs[start - 1]! !== stepMs)
      break;
    start--;
  }
  return { timestampsMs: timestampsMs.slice(start), values: values.slice(start) };
}
