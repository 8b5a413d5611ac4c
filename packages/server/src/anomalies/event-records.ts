import type { StoredEvent } from "@avx/store";
import type {
  AnomalyEvent,
  AnomalyFeedback,
  AnomalyMute,
  HeldAnomaly,
  OperationEvent,
} from "../contract.ts";

/** A verdict on one anomaly, as it is kept. */
export interface FeedbackRecord {
  readonly anomalyId: string;
  readonly verdict: AnomalyFeedback;
  readonly givenMs: number;
}

/** An anomaly as an event of the store. */
export function anomalyRecord(event: AnomalyEvent): StoredEvent {
  const { id, service, timestampMs } = event;
  return { id, kind: "anomaly", service, timestampMs, body: JSON.stringify(event) };
}

/** A finding that was not paged as an event of the store. */
export function heldRecord(event: HeldAnomaly): StoredEvent {
  return { ...anomalyRecord(event), kind: "held" };
}

/** A verdict as an event of the store; a later one on the same anomaly replaces it. */
export function feedbackRecord(feedback: FeedbackRecord, anomaly: AnomalyEvent): StoredEvent {
  return {
    ...{ id: `feedback ${feedback.anomalyId}`, kind: "feedback", service: anomaly.service },
    ...{ timestampMs: anomaly.timestampMs, body: JSON.stringify(feedback) },
  };
}

/** A mute as an event of the store. */
export function muteRecord(mute: AnomalyMute, madeMs: number): StoredEvent {
  const { id, service } = mute;
  return { id, kind: "mute", service, timestampMs: madeMs, body: JSON.stringify(mute) };
}

/** A deployment, a change of configuration or a note as an event of the store. */
export function operationRecord(event: OperationEvent): StoredEvent {
  const { id, kind, service, timestampMs } = event;
  return { id, kind, service, timestampMs, body: JSON.stringify(event) };
}

/** What a record of one kind holds. */
interface Contents {
  readonly anomaly: AnomalyEvent;
  readonly held: HeldAnomaly;
  readonly feedback: FeedbackRecord;
  readonly mute: AnomalyMute;
  readonly operation: OperationEvent;
}

/** The content of a record that this file made. */
export function contentOf<K extends keyof Contents>(_kind: K, record: StoredEvent): Contents[K] {
  // Proof of the `as`: records of each kind are written by the functions above only.
  return JSON.parse(record.body) as Contents[K];
}
