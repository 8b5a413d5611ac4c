import type {
  AnomalyEvent,
  AnomalyExplanation,
  OperationEvent,
  RelatedAnomaly,
} from "../contract.ts";

/** A deployment shows within minutes; later changes have other causes. */
export const CHANGE_WINDOW_MS = 1_800_000;
/** Signals that began within this time of each other may have one cause. */
const RELATED_WINDOW_MS = 120_000;
const MAX_CHANGES = 3;
const MAX_RELATED = 5;

/** What an anomaly may be explained with. */
export interface ExplanationSources {
  /** Those around the anomaly in time, of all services. */
  readonly anomalies: readonly AnomalyEvent[];
  /** All that are remembered, by `bySeries`. */
  readonly remembered: ReadonlyMap<string, readonly AnomalyEvent[]>;
  /** Newest first. */
  readonly operations: readonly OperationEvent[];
}

/** What happened before and beside an anomaly, as data. */
export function explainAnomaly(
  event: AnomalyEvent,
  { anomalies, remembered, operations }: ExplanationSources,
): AnomalyExplanation {
  const { timestampMs } = event;
  const changes = operations.filter(
    (operation) =>
      operation.kind !== "note" &&
      (operation.service === "" || operation.service === event.service) &&
      operation.timestampMs <= timestampMs &&
      operation.timestampMs >= timestampMs - CHANGE_WINDOW_MS,
  );
  const ofSeries = remembered.get(seriesOf(event)) ?? [];
  const similar = ofSeries.filter((other) => other.timestampMs < timestampMs);
  return {
    changes: changes.slice(0, MAX_CHANGES),
    related: relatedTo(event, anomalies),
    similarCount: similar.length,
    similarLastMs:
      similar.length === 0 ? null : Math.max(...similar.map((other) => other.timestampMs)),
  };
}

function relatedTo(event: AnomalyEvent, anomalies: readonly AnomalyEvent[]): RelatedAnomaly[] {
  return anomalies
    .filter((other) => seriesOf(other) !== seriesOf(event))
    .map((other) => ({ other, closeness: closenessOf(event, other) }))
    .filter(({ closeness }) => closeness > 0)
    .sort((a, b) => b.closeness - a.closeness || (a.other.id < b.other.id ? -1 : 1))
    .slice(0, MAX_RELATED)
    .map(({ other: { id, service, signal, metric, timestampMs, reason }, closeness }) => ({
      ...{ id, service, signal, metric, timestampMs, reason, closeness },
    }));
}

/** The nearer two beginnings and the stronger the other's change, the closer. */
function closenessOf(event: AnomalyEvent, other: AnomalyEvent): number {
  const apartMs = Math.abs(event.timestampMs - other.timestampMs);
  return Math.max(0, 1 - apartMs / RELATED_WINDOW_MS) * other.score;
}

/** Events by the series that they are of. */
export function bySeries(
  anomalies: readonly AnomalyEvent[],
): ReadonlyMap<string, readonly AnomalyEvent[]> {
  return Map.groupBy(anomalies, seriesOf);
}

function seriesOf({ service, signal, metric }: AnomalyEvent): string {
  return `${service}\0${signal}\0${metric}`;
}
