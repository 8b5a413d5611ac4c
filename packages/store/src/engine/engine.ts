import type { SqlParameters } from "./engine-protocol.ts";
import type { NamedColumn } from "./native-columns.ts";
import type { NativeBlock } from "./native-reader.ts";

/** Some rows of an insert, as columns or in Native format. */
export type InsertBlock =
  | { readonly rows: number; readonly columns: readonly NamedColumn[] }
  | { readonly rows: number; readonly names: readonly string[]; readonly encoded: Uint8Array };

/** Rows for one table. Each insert costs the engine 3-4 ms, so few and big ones. */
export interface Insert {
  readonly table: string;
  /**
   * All with the same columns. Taken one by one, with a write to a file between: encoding many rows
   * at once would hold up everything else in the process.
   */
  readonly blocks: Iterable<InsertBlock>;
  /** A second insert with the same token into the same table does nothing. */
  readonly token: string;
}

/** The SQL engine below the store. All calls reject with `store_unavailable` while it restarts. */
export interface Engine {
  /** When the signal fires the statement is ended, and this rejects with the signal's reason. */
  query(sql: string, parameters?: SqlParameters, signal?: AbortSignal): Promise<NativeBlock[]>;
  /** As `query`, cheaper for megabytes: the answer comes through a file. */
  queryBulk(sql: string, parameters?: SqlParameters, signal?: AbortSignal): Promise<NativeBlock[]>;
  /** DDL and the like. */
  command(sql: string, parameters?: SqlParameters): Promise<void>;
  /** The rows are on disk when this resolves, in one part each partition. */
  insert(insert: Insert): Promise<void>;
  readonly isUp: boolean;
  readonly restarts: number;
  /** Ended because nobody needed it, until the next statement; absent where there is no process. */
  readonly isParked?: boolean;
  /** Starts after it was parked. */
  readonly wakes?: number;
  /** Keeps a running process from being parked while `work` runs; absent where there is none. */
  whileRunning?<T>(work: () => Promise<T>): Promise<T>;
  /** Process id of the child, 0 while there is none. */
  readonly pid: number;
  stop(): Promise<void>;
}
