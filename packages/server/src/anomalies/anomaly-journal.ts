import type { AnomalyEvent } from "../contract.ts";

/** About a week of the busiest allowed feed; the oldest go first. */
const MAX_EVENTS = 10_000;
/** An anomaly counts as open while its last finding is younger than this. */
const OPEN_MS = 60_000;

/** Which findings are asked for; bounds are inclusive Unix ms. */
export interface AnomalySearch {
  /** "" = any. */
  readonly service: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly limit: number;
}

/** The recent findings of all detectors, in order of time, bounded. */
export interface AnomalyJournal {
  add(event: AnomalyEvent): void;
  /** Newest first. */
  search(search: AnomalySearch): readonly AnomalyEvent[];
  openByService(nowMs: number): ReadonlyMap<string, number>;
}

/** An empty journal. */
export function createAnomalyJournal(): AnomalyJournal {
  const events: AnomalyEvent[] = [];
  return {
    add(event) {
      events.push(event);
      if (events.length > MAX_EVENTS) events.splice(0, events.length - MAX_EVENTS);
    },
    search({ service, startMs, endMs, limit }) {
      const found: AnomalyEvent[] = [];
      for (let i = events.length - 1; i >= 0 && found.length < limit; i--) {
        const event = events[i]!;
        if (event.timestampMs < startMs || event.timestampMs > endMs) continue;
        if (service === "" || event.service === service) found.push(event);
      }
      return found;
    },
    openByService(nowMs) {
      const open = new Map<string, Set<string>>();
      for (let i = events.length - 1; i >= 0; i--) {
        const { timestampMs, service, signal } = events[i]!;
        if (timestampMs < nowMs - OPEN_MS) break;
        const signals = open.get(service) ?? new Set();
        open.set(service, signals.add(signal));
      }
      return new Map([...open].map(([service, signals]) => [service, signals.size]));
    },
  };
}
