/** The part of the JSON contract about the disk; read it by `contract.ts`. Types only. */

/** What one signal takes of the disk, and what it will take. */
export interface SignalStorage {
  readonly signal: "metrics" | "rollups" | "traces" | "logs" | "documents" | "events";
  /** Of its tables; what waits in the write-ahead log comes on top. */
  readonly bytes: number;
  readonly logBytes: number;
  /** Days that have data. */
  readonly days: number;
  /** Start of the first of them, Unix ms; null without any. */
  readonly oldestMs: number | null;
  /** null: kept for ever. */
  readonly retentionMs: number | null;
  /** Of the last whole days, or the first day at its rate so far; null without any data. */
  readonly bytesPerDay: number | null;
  /** What `bytes` will be when the whole retention is kept at this rate; null when it is not known. */
  readonly bytesAtFullRetention: number | null;
}

/** `GET /api/avx/storage`: empty with a store that keeps nothing on a disk. */
export interface StorageAnswer {
  readonly nowMs: number;
  readonly signals: readonly SignalStorage[];
}
