import { createTimeSeries, type TimeSeries } from "@avx/analysis";
import type { LatencyColumns } from "./latency-collector.ts";

/**
 * One sample a step that has latencies: their mean, at the start of the step. Steps without any
 * are absent. Latencies may come out of order by the few milliseconds in which requests overlap.
 */
export function meansByStep(latencies: LatencyColumns, stepMs: number): TimeSeries {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [i, timestampMs] of latencies.timestampsMs.entries()) {
    const step = Math.floor(timestampMs / stepMs) * stepMs;
    const total = sums.get(step) ?? { sum: 0, count: 0 };
    total.sum += latencies.latenciesMs[i]!;
    total.count++;
    sums.set(step, total);
  }
  const steps = [...sums].sort(([left], [right]) => left - right);
  return createTimeSeries(
    steps.map(([step]) => step),
    steps.map(([, { sum, count }]) => sum / count),
  );
}
