import { serialize } from "node:v8";
import type { LogRecord } from "@avx/model";
import { compareRecords, logMatches, recordNanos } from "../logs/log-match.ts";
import type { LogSearch, LogStore } from "../store.ts";
import { nanosToMs } from "../traces/span-search.ts";
import { batchIdentity, RecentBatches } from "../wal/recent-batches.ts";
import { BoundedList } from "./bounded-list.ts";
import { Expiry, type ExpiryOptions } from "./expiry.ts";

/** Log records in memory only. */
export class MemoryLogs implements LogStore {
  private readonly records: BoundedList<LogRecord>;
  private readonly recent = new RecentBatches();
  private readonly expiry: Expiry;

  constructor(maxLogRecords: number, expiry: ExpiryOptions) {
    this.expiry = new Expiry(expiry);
    this.records = new BoundedList(maxLogRecords);
  }

  async append(records: readonly LogRecord[]): Promise<void> {
    this.expiry.whenDue((beforeMs) => this.dropBefore(beforeMs));
    const identity = batchIdentity(serialize(records));
    if (this.recent.has(identity)) return;
    this.recent.add(identity);
    this.records.add(records);
  }

  /** Drops records older than `beforeMs`. */
  private dropBefore(beforeMs: number): void {
    this.records.drop((record) => nanosToMs(recordNanos(record)) < beforeMs);
  }

  async search(search: LogSearch, signal?: AbortSignal): Promise<readonly LogRecord[]> {
    signal?.throwIfAborted();
    return this.records
      .all()
      .filter((record) => logMatches(record, search))
      .sort(compareRecords)
      .slice(0, search.limit);
  }
}
