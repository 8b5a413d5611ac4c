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
  readonly anomalies: readonly AnomalyEvent[];
  /** Newest first. */
  readonly operations: readonly OperationEvent[];
}

/** What happened before and beside an anomaly, as data. */
export function explainAnomaly(
  event: AnomalyEvent,
  { anomalies, operations }: ExplanationSources,
): AnomalyExplanation {
  const { timestampMs } = event;
  const changes = operations.filter(
    (operation) =>
      operation.kind !== "note" &&
      (operation.service === "" || operation.service === event.service) &&
      operation.timestampMs <= timestampMs &&
      operation.timestampMs >= timestampMs - CHANGE_WINDOW_MS,
  );
  const similar = anomalies.filter(
    (other) => isSameSeries(other, event) && other.timestampMs < timestampMs,
  );
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
    .filter((other) => !isSameSeries(other, event))
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

function isSameSeries(a: AnomalyEvent, b: AnomalyEvent): boolean {
  return a.service === b.service && a.signal === b.signal && a.metric === b.metric;
}
