import type { TimeSeries } from "@avx/analysis";
import { AvxError } from "@avx/model";
import type { QueryEngine } from "@avx/promql";
import type { StepRange } from "../signals/by-service.ts";

/** Evenly spaced history of one series, with the grid that it was asked for. */
export interface ForecastHistory {
  readonly series: TimeSeries;
  readonly stepMs: number;
  /** The forecast begins one step after this time, whenever the newest sample was. */
  readonly endMs: number;
}

const NO_SAMPLES: TimeSeries = {
  timestampsMs: new Float64Array(0),
  values: new Float64Array(0),
};

/** What to ask and over which grid. */
export interface HistoryRequest extends StepRange {
  readonly query: string;
  readonly signal?: AbortSignal;
}

/**
 * The history of an expression; empty when it has no series. Throws AvxError `bad_query` when it has
 * several or is no number.
 */
export async function forecastHistory(
  engine: QueryEngine,
  request: HistoryRequest,
): Promise<ForecastHistory> {
  const { value } = await engine.range(request);
  const { stepMs, endMs } = request;
  if (value.type !== "matrix") throw new AvxError("bad_query", { reason: `got a ${value.type}` });
  if (value.series.length > 1) {
    const reason = `the expression has ${value.series.length} series; aggregate it to one, as sum() does`;
    throw new AvxError("bad_query", { reason });
  }
  return { series: value.series[0] ?? NO_SAMPLES, stepMs, endMs };
}
