import type { AnomalyEvent, AnomalyFeedback, AnomalyMute } from "../contract.ts";
import { createDailyBudget } from "./daily-budget.ts";
import { PAGE_SCORE } from "./series-watch.ts";

/** Each "expected" asks for half as much more evidence, each "useful" takes that back. */
const STEP = 1.5;
/** Eight times the evidence of a page: beyond, muting is the honest word for it. */
const MOST_STRENGTH = 8;
/** Mutes kept at once; the oldest end first. */
const MAX_MUTES = 1000;

/** Decides which findings become events: by feedback on the series, by mutes, by a daily budget. */
export interface FindingPolicy {
  /** The score from which a finding of this series opens an event. */
  thresholdOf(key: string): number;
  /** Whether there was feedback on this series. */
  isTuned(key: string): boolean;
  /** Called when feedback has moved the threshold of a series. */
  onThreshold: (key: string, threshold: number) => void;
  /**
   * Takes the verdict on one event; a later one on the same event replaces it. Returns the new
   * threshold of its series.
   */
  learn(anomalyId: string, verdict: AnomalyFeedback): number;
  /** How many events since then were judged so. */
  verdictsSince(sinceMs: number): { readonly useful: number; readonly expected: number };
  feedbackOf(anomalyId: string): AnomalyFeedback | undefined;
  mute(mute: AnomalyMute): void;
  /** Mutes that have not ended, the next to end first. */
  mutes(nowMs: number): readonly AnomalyMute[];
  /** Whether a finding that just opened is shown. One that is counts against the day's budget. */
  admit(event: AnomalyEvent): "shown" | "muted" | "over-budget";
  /** Counts a finding that an earlier run has shown. */
  wasShown(event: AnomalyEvent): void;
}

/** A policy without feedback and mutes; at most `findingsPerDay` a service in any 24 hours. */
export function createFindingPolicy(findingsPerDay: number): FindingPolicy {
  const verdicts = new Map<string, Map<string, AnomalyFeedback>>();
  const mutes = new Map<string, AnomalyMute>();
  const budget = createDailyBudget(findingsPerDay);

  const isMuted = ({ service, signal, timestampMs }: AnomalyEvent): boolean =>
    [...mutes.values()].some(
      (mute) =>
        mute.untilMs > timestampMs &&
        mute.service === service &&
        (mute.signal === null || mute.signal === signal),
    );

  const thresholdOf = (key: string): number => {
    let strength = 1;
    for (const verdict of verdicts.get(key)?.values() ?? []) {
      strength *= verdict === "expected" ? STEP : 1 / STEP;
    }
    const bounded = Math.min(MOST_STRENGTH, Math.max(1, strength));
    return 1 - (1 - PAGE_SCORE) / bounded;
  };

  const policy: FindingPolicy = {
    thresholdOf,
    isTuned: (key) => verdicts.has(key),
    onThreshold: () => {},
    learn(anomalyId, verdict) {
      const key = seriesKeyOf(anomalyId);
      const ofSeries = verdicts.get(key) ?? new Map<string, AnomalyFeedback>();
      verdicts.set(key, ofSeries.set(anomalyId, verdict));
      const threshold = thresholdOf(key);
      policy.onThreshold(key, threshold);
      return threshold;
    },
    verdictsSince(sinceMs) {
      const counts = { useful: 0, expected: 0 };
      for (const ofSeries of verdicts.values()) {
        for (const [id, verdict] of ofSeries) if (openedMsOf(id) >= sinceMs) counts[verdict]++;
      }
      return counts;
    },
    feedbackOf: (anomalyId) => verdicts.get(seriesKeyOf(anomalyId))?.get(anomalyId),
    mute(mute) {
      mutes.delete(mute.id);
      mutes.set(mute.id, mute);
      dropOldest(mutes);
    },
    mutes(nowMs) {
      return [...mutes.values()]
        .filter(({ untilMs }) => untilMs > nowMs)
        .sort((a, b) => a.untilMs - b.untilMs);
    },
    admit(event) {
      if (isMuted(event)) return "muted";
      return budget.spend(event.service, event.timestampMs) ? "shown" : "over-budget";
    },
    wasShown: ({ service, timestampMs }) => void budget.spend(service, timestampMs),
  };
  return policy;
}

function dropOldest(mutes: Map<string, AnomalyMute>): void {
  for (const id of mutes.keys()) {
    if (mutes.size <= MAX_MUTES) break;
    mutes.delete(id);
  }
}

/** The series of an event: its id is `KEY@TIMESTAMP`. */
function seriesKeyOf(anomalyId: string): string {
  return anomalyId.slice(0, anomalyId.lastIndexOf("@"));
}

function openedMsOf(anomalyId: string): number {
  return Number(anomalyId.slice(anomalyId.lastIndexOf("@") + 1));
}
