/**
 * What we need of AvilaDB. Its own SDK and protocol are not public, so the caller brings an object
 * of this shape.
 */
export interface AvilaDbClient {
  /**
   * Inserts documents that all have the same partition key. Rejects with an `AvilaDbRefusal`-shaped
   * error (`status`, and `retryAfterSeconds` with 429) when the database refuses.
   */
  insertBatch(request: {
    readonly collection: string;
    readonly partitionKey: string;
    readonly documents: readonly unknown[];
  }): Promise<void>;
  /** Runs a SQL-like query with `@name` parameters and returns the documents. */
  query(request: {
    readonly collection: string;
    readonly sql: string;
    readonly parameters: Readonly<Record<string, string | number>>;
  }): Promise<readonly unknown[]>;
}

/** How a refusal of the database looks. */
export interface AvilaDbRefusal {
  readonly status: number;
  /** With 429: when to come again. */
  readonly retryAfterSeconds?: number;
}

/** The refusal in a rejected call, undefined when the error is something else. */
export function refusalOf(error: unknown): AvilaDbRefusal | undefined {
  if (typeof error !== "object" || error === null || !("status" in error)) return undefined;
  const { status } = error;
  if (typeof status !== "number") return undefined;
  const retryAfterSeconds = "retryAfterSeconds" in error ? error.retryAfterSeconds : undefined;
  return typeof retryAfterSeconds === "number" ? { status, retryAfterSeconds } : { status };
}
