import type { EventSearch, EventStore, StoredEvent } from "../store.ts";
import { Expiry, type ExpiryOptions } from "./expiry.ts";

/** Events in memory only; of too many, those written first go. */
export class MemoryEvents implements EventStore {
  private readonly maxEvents: number;
  private readonly byId = new Map<string, StoredEvent>();
  private readonly expiry: Expiry;

  constructor(maxEvents: number, expiry: ExpiryOptions) {
    this.maxEvents = maxEvents;
    this.expiry = new Expiry(expiry);
  }

  async put(events: readonly StoredEvent[]): Promise<void> {
    this.expiry.whenDue((beforeMs) => {
      for (const [id, event] of this.byId) {
        if (event.timestampMs < beforeMs) this.byId.delete(id);
      }
    });
    for (const event of events) {
      this.byId.delete(event.id);
      this.byId.set(event.id, event);
    }
    for (const id of this.byId.keys()) {
      if (this.byId.size <= this.maxEvents) break;
      this.byId.delete(id);
    }
  }

  async search(search: EventSearch, signal?: AbortSignal): Promise<readonly StoredEvent[]> {
    signal?.throwIfAborted();
    return newestOf([...this.byId.values()], search);
  }
}

/** The events that a search is for, newest first. */
export function newestOf(
  events: readonly StoredEvent[],
  { kind, service, range, limit }: EventSearch,
): readonly StoredEvent[] {
  return events
    .filter((event) => kind === "" || event.kind === kind)
    .filter((event) => service === "" || event.service === service)
    .filter(({ timestampMs: at }) => at >= range.startMs && at <= range.endMs)
    .sort((a, b) => b.timestampMs - a.timestampMs || (a.id < b.id ? -1 : 1))
    .slice(0, limit);
}
