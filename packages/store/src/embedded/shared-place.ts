import type { DailyTable } from "./drop-partitions.ts";

/** The other servers that write into the same tables, where there can be any. */
export interface SharedPlace {
  /** The number of this server, below 256. */
  readonly writer: number;
  /** Whether another server has ever written. */
  hasOthers(): boolean;
  /** Drops whole days of what other servers stored in tables of their own. */
  dropBefore(table: Extract<DailyTable, "chunks" | "rollups">, beforeMs: number): Promise<void>;
}
