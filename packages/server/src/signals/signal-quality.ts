import { assessQuality } from "@avx/analysis";
import type { QueryEngine } from "@avx/promql";
import { goldenQueries } from "../anomalies/golden-signal-feed.ts";
import type { GoldenSignal, QualityAnswer, SignalQuality } from "../contract.ts";
import { rangeByService } from "./by-service.ts";

const SPAN_MS = 900_000;
/** The resolution of usual exports. */
const STEP_MS = 15_000;

/** What a value of each signal can be at all. */
const VALID: Readonly<Record<Exclude<GoldenSignal, "errors">, readonly [number, number]>> = {
  latency: [0, Number.MAX_VALUE],
  traffic: [0, Number.MAX_VALUE],
  saturation: [0, 1],
};

/** Whose quality, until when. */
export interface QualityRequest {
  readonly service: string;
  readonly nowMs: number;
}

/** The quality of the golden signals that a service sends; none for a service that sent nothing. */
export async function signalQuality(
  engine: QueryEngine,
  { service, nowMs }: QualityRequest,
): Promise<QualityAnswer> {
  const endMs = Math.floor(nowMs / STEP_MS) * STEP_MS;
  const range = { startMs: endMs - SPAN_MS, endMs, stepMs: STEP_MS };
  const queries = goldenQueries(STEP_MS, service);
  const signals: SignalQuality[] = [];
  for (const signal of ["latency", "traffic", "saturation"] as const) {
    const series = (await rangeByService(engine, queries[signal], range)).get(service);
    if (series === undefined) continue;
    const [lower, upper] = VALID[signal];
    const found = assessQuality(series, {
      ...{ stepMs: STEP_MS, validRange: { lower, upper }, receivedMs: nowMs },
      // What lies before the first sample is no gap: the service may be younger than the span.
      bounds: { startMs: series.timestampsMs[0] ?? range.startMs, endMs },
    });
    const { accuracy, completeness, consistency, validity, meetsStandard } = found;
    signals.push({
      ...{ signal, accuracy, completeness, consistency, validity, meetsStandard },
      ...{ overall: found.overallScore, timelinessMs: found.timelinessMs ?? 0 },
    });
  }
  return { spanMs: SPAN_MS, signals };
}
