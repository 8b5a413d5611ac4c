import type { QueryEngine } from "@avx/promql";
import { SERVICE_LABEL } from "@avx/sre";
import type { AnomalyRibbonsAnswer } from "../contract.ts";
import { onGrid, rangeByService } from "../signals/by-service.ts";
import type { AnomalyJournal } from "./anomaly-journal.ts";

/** Which time, in how many cells. */
export interface RibbonRequest {
  readonly startMs: number;
  readonly endMs: number;
  readonly cells: number;
}

/** Events of one answer. */
const MAX_EVENTS = 10_000;

/**
 * How unusual each service was in each cell: the worst stored score, and the events that were open.
 * Services are those with either, by name; the last cell ends at `endMs`.
 */
export async function anomalyRibbons(
  engine: QueryEngine,
  journal: AnomalyJournal,
  { startMs, endMs, cells }: RibbonRequest,
): Promise<AnomalyRibbonsAnswer> {
  const cellMs = Math.max(1, Math.ceil((endMs - startMs) / cells));
  const firstMs = endMs - cells * cellMs;
  const query = `max by (${SERVICE_LABEL}) (max_over_time(avx_anomaly_score[${cellMs}ms]))`;
  const range = { startMs: firstMs + cellMs, endMs, stepMs: cellMs };
  const scores = await rangeByService(engine, query, range);
  const counts = new Map<string, number[]>();
  for (const event of journal.search({ service: "", startMs: firstMs, endMs, limit: MAX_EVENTS })) {
    const row = counts.get(event.service) ?? new Array<number>(cells).fill(0);
    counts.set(event.service, row);
    const from = Math.max(0, Math.floor((event.timestampMs - firstMs) / cellMs));
    const to = Math.floor(((event.endMs ?? endMs) - firstMs) / cellMs);
    for (let cell = from; cell <= Math.min(to, cells - 1); cell++) row[cell]!++;
  }
  const services = [...new Set([...scores.keys(), ...counts.keys()])].sort();
  return {
    ...{ startMs: firstMs, cellMs, cells },
    ribbons: services.map((service) => ({
      service,
      scores: onGrid(scores.get(service), range),
      events: counts.get(service) ?? new Array<number>(cells).fill(0),
    })),
  };
}
