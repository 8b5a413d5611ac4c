import { type LabelledSeries, labelValue } from "@avx/model";
import type { QueryEngine } from "@avx/promql";
import { SERVICE_LABEL } from "@avx/sre";

/** Runs an instant query whose result has one sample a service. Samples that are NaN are left out. */
export async function instantByService(
  engine: QueryEngine,
  query: string,
  timeMs: number,
): Promise<ReadonlyMap<string, number>> {
  const { value } = await engine.instant({ query, timeMs });
  const byService = new Map<string, number>();
  if (value.type !== "vector") return byService;
  for (const sample of value.samples) {
    const service = labelValue(sample.labels, SERVICE_LABEL);
    if (service !== "" && !Number.isNaN(sample.value)) byService.set(service, sample.value);
  }
  return byService;
}

/** A range with its step, as query_range takes it; Unix ms, end inclusive. */
export interface StepRange {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

/** Runs a range query whose result has one series a service. */
export async function rangeByService(
  engine: QueryEngine,
  query: string,
  range: StepRange,
): Promise<ReadonlyMap<string, LabelledSeries>> {
  const { value } = await engine.range({ query, ...range });
  const byService = new Map<string, LabelledSeries>();
  if (value.type !== "matrix") return byService;
  for (const series of value.series) {
    const service = labelValue(series.labels, SERVICE_LABEL);
    if (service !== "") byService.set(service, series);
  }
  return byService;
}

/** Values on every step of the range, null where the series has none. */
export function onGrid(
  series: LabelledSeries | undefined,
  range: StepRange,
): readonly (number | null)[] {
  const points = Math.floor((range.endMs - range.startMs) / range.stepMs) + 1;
  const grid: (number | null)[] = new Array(points).fill(null);
  if (series === undefined) return grid;
  for (let i = 0; i < series.timestampsMs.length; i++) {
    const value = series.values[i]!;
    const slot = Math.round((series.timestampsMs[i]! - range.startMs) / range.stepMs);
    if (slot >= 0 && slot < points && Number.isFinite(value)) grid[slot] = value;
  }
  return grid;
}
