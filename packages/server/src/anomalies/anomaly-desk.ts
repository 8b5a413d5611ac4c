import type { EventStore } from "@avx/store";
import type {
  AnomaliesAnswer,
  AnomalyFeedback,
  AnomalyFeedbackAnswer,
  AnomalyMute,
  HeldAnomaly,
  OperationEvent,
} from "../contract.ts";
import type { AnomalyJournal, AnomalySearch, HeldJournal } from "./anomaly-journal.ts";
import { contentOf, feedbackRecord, muteRecord, operationRecord } from "./event-records.ts";
import { bySeries, CHANGE_WINDOW_MS, explainAnomaly } from "./explain-anomaly.ts";
import type { FindingPolicy } from "./finding-policy.ts";

/** What operators ask about anomalies and say of them. */
export interface AnomalyDesk {
  explained(search: AnomalySearch): Promise<AnomaliesAnswer>;
  /** Undefined when no anomaly has this id. */
  giveFeedback(id: string, verdict: AnomalyFeedback): Promise<AnomalyFeedbackAnswer | undefined>;
  mute(mute: AnomalyMute): Promise<void>;
  mutes(): readonly AnomalyMute[];
  /** Ends a mute now and gives it back; undefined when none that has not ended has this id. */
  unmute(id: string): Promise<AnomalyMute | undefined>;
  /** Findings that were kept but not paged, newest first. */
  held(search: AnomalySearch): readonly HeldAnomaly[];
  /** How many findings of each service were held in the last 24 hours. */
  heldByService(): ReadonlyMap<string, number>;
  report(event: OperationEvent): Promise<void>;
  operations(search: AnomalySearch, signal?: AbortSignal): Promise<readonly OperationEvent[]>;
}

/** What the desk works with. */
export interface AnomalyDeskPorts {
  readonly events: EventStore;
  readonly journal: AnomalyJournal;
  /** What was found in series of bad quality. */
  readonly held: HeldJournal;
  readonly policy: FindingPolicy;
  readonly nowMs: () => number;
}

const OPERATION_KINDS: readonly OperationEvent["kind"][] = ["deploy", "config", "note"];
/** Anomalies that one is explained with. */
const MAX_NEIGHBOURS = 1000;
/** Operations in the span of one answer. */
const MAX_OPERATIONS = 1000;
/** All that the journal holds. */
const EVER = { service: "", startMs: 0, limit: 10_000 };
const MAX_HELD = 10_000;
const DAY_MS = 86_400_000;
const VERDICT_SPAN_MS = 30 * 86_400_000;

/** A desk over what was found and what was reported. */
export function createAnomalyDesk(ports: AnomalyDeskPorts): AnomalyDesk {
  const { events, journal, held, policy, nowMs } = ports;
  const operations: AnomalyDesk["operations"] = async (search, signal) => {
    const { service, startMs, endMs, limit } = search;
    const asked = { service: "", range: { startMs, endMs }, limit };
    const found = await Promise.all(
      OPERATION_KINDS.map((kind) => events.search({ ...asked, kind }, signal)),
    );
    return found
      .flat()
      .filter((record) => service === "" || record.service === "" || record.service === service)
      .map((record) => contentOf("operation", record))
      .sort((a, b) => b.timestampMs - a.timestampMs)
      .slice(0, limit);
  };
  return {
    async explained(search) {
      const found = journal.search(search);
      const startMs = Math.min(search.startMs, ...found.map(({ timestampMs }) => timestampMs));
      const reach = { service: "", startMs: startMs - CHANGE_WINDOW_MS, endMs: search.endMs };
      const sources = {
        anomalies: journal.search({ ...reach, limit: MAX_NEIGHBOURS }),
        remembered: bySeries(journal.search({ ...EVER, endMs: search.endMs })),
        operations: await operations({ ...reach, limit: MAX_OPERATIONS }),
      };
      const anomalies = found.map((event) => ({
        ...event,
        explanation: explainAnomaly(event, sources),
        feedback: policy.feedbackOf(event.id) ?? null,
      }));
      return { anomalies, verdicts: policy.verdictsSince(nowMs() - VERDICT_SPAN_MS) };
    },
    async giveFeedback(id, verdict) {
      const anomaly = journal.get(id);
      if (anomaly === undefined) return undefined;
      await events.put([feedbackRecord({ anomalyId: id, verdict, givenMs: nowMs() }, anomaly)]);
      return { id, verdict, threshold: policy.learn(id, verdict) };
    },
    async mute(mute) {
      await events.put([muteRecord(mute, nowMs())]);
      policy.mute(mute);
    },
    mutes: () => policy.mutes(nowMs()),
    async unmute(id) {
      const endMs = nowMs();
      const mute = policy.mutes(endMs).find((other) => other.id === id);
      if (mute === undefined) return undefined;
      const ended = { ...mute, untilMs: endMs };
      await events.put([muteRecord(ended, endMs)]);
      policy.mute(ended);
      return ended;
    },
    held: (search) => held.search(search),
    heldByService: () => countByService(held, nowMs()),
    report: (event) => events.put([operationRecord(event)]),
    operations,
  };
}

/** Findings of each service in the last 24 hours. */
function countByService(journal: HeldJournal, nowMs: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const last = { service: "", startMs: nowMs - DAY_MS, endMs: nowMs, limit: MAX_HELD };
  for (const { service } of journal.search(last)) {
    counts.set(service, (counts.get(service) ?? 0) + 1);
  }
  return counts;
}
