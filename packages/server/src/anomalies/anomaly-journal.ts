import type { AnomalyEvent, HeldAnomaly } from "../contract.ts";

/** About a week of the busiest allowed feed; the oldest go first. */
const MAX_EVENTS = 10_000;

/** Which events are asked for; bounds are inclusive Unix ms, and an event counts by its whole span. */
export interface AnomalySearch {
  /** "" = any. */
  readonly service: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly limit: number;
}

/** The recent events of all detectors, by the time they opened, bounded. */
export interface AnomalyJournal<E extends AnomalyEvent = AnomalyEvent> {
  /** Adds an event, or replaces the one with its id. */
  put(event: E): void;
  get(id: string): E | undefined;
  /** Newest first. */
  search(search: AnomalySearch): readonly E[];
  /** How many signals of each service are unusual now. */
  openByService(): ReadonlyMap<string, number>;
  /** Calls `listener` with each event that is put, until the returned function is called. */
  listen(listener: (event: E) => void): () => void;
}

/** Findings that were kept but not paged. */
export type HeldJournal = AnomalyJournal<HeldAnomaly>;

/** An empty journal. */
export function createAnomalyJournal<E extends AnomalyEvent>(): AnomalyJournal<E> {
  const events = new Map<string, E>();
  const listeners = new Set<(event: E) => void>();
  return {
    put(event) {
      events.set(event.id, event);
      for (const id of events.keys()) {
        if (events.size <= MAX_EVENTS) break;
        events.delete(id);
      }
      for (const listener of listeners) listener(event);
    },
    get: (id) => events.get(id),
    search({ service, startMs, endMs, limit }) {
      return [...events.values()]
        .filter((event) => service === "" || event.service === service)
        .filter((event) => event.timestampMs <= endMs && (event.endMs ?? endMs) >= startMs)
        .sort((a, b) => b.timestampMs - a.timestampMs)
        .slice(0, limit);
    },
    openByService() {
      const open = new Map<string, Set<string>>();
      for (const { endMs, service, signal, metric } of events.values()) {
        if (endMs !== null) continue;
        const signals = open.get(service) ?? new Set();
        open.set(service, signals.add(`${signal} ${metric}`));
      }
      return new Map([...open].map(([service, signals]) => [service, signals.size]));
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
