import { AvxError, type MetricDocument } from "@avx/model";
import { documentJson } from "../documents/document-limits.ts";
import type { DocumentSearch, DocumentStore } from "../store.ts";
import { type AvilaDbClient, refusalOf } from "./aviladb-client.ts";

/** AvilaDB's own limit. */
const MAX_BATCH_DOCUMENTS = 100;

/** A database that refuses so often is not just busy. */
const MAX_RETRIES = 5;
/** Where a 429 names no time. */
const DEFAULT_RETRY_SECONDS = 1;
/** A longer wait is an outage: the caller should hear of it. */
const MAX_RETRY_SECONDS = 30;

const COLLECTION = "metric_documents";

/** How the adapter reaches the database and waits. */
export interface AvilaDbOptions {
  readonly client: AvilaDbClient;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * The document port on AvilaDB. Documents are grouped by partition key (`service`) and cut into
 * batches of 100. Throws AvxError `document_too_large` before anything is sent, `overloaded` when a
 * 429 persists, `store_unavailable` for any other refusal.
 */
export function createAvilaDbDocuments({ client, sleep }: AvilaDbOptions): DocumentStore {
  return {
    async insertBatch(documents) {
      for (const document of documents) documentJson(document); // Refuses what is too large.
      for (const [service, group] of Map.groupBy(documents, (document) => document.service)) {
        for (let start = 0; start < group.length; start += MAX_BATCH_DOCUMENTS) {
          const batch = group.slice(start, start + MAX_BATCH_DOCUMENTS);
          const request = { collection: COLLECTION, partitionKey: service, documents: batch };
          await withRetries(() => client.insertBatch(request), sleep);
        }
      }
    },
    async query(search) {
      const request = { collection: COLLECTION, ...searchQuery(search) };
      const found = await withRetries(() => client.query(request), sleep);
      // Only documents that `insertBatch` wrote are in the collection.
      return found as readonly MetricDocument[];
    },
  };
}

/** Values only ever travel as parameters; a timestamp compares as text, since it is ISO 8601 in UTC. */
function searchQuery({ service, range, limit }: DocumentSearch) {
  const parameters: Record<string, string | number> = {
    start: isoTime(range.startMs),
    end: isoTime(range.endMs),
    limit,
  };
  let condition = "timestamp >= @start AND timestamp <= @end";
  if (service !== "") {
    condition = `service = @service AND ${condition}`;
    parameters["service"] = service;
  }
  const sql = `SELECT * FROM ${COLLECTION} WHERE ${condition} ORDER BY timestamp LIMIT @limit`;
  return { sql, parameters };
}

/** Whole seconds, as the documents carry them. */
function isoTime(timestampMs: number): string {
  const bounded = Math.min(Math.max(timestampMs, 0), 253_402_300_799_000);
  return new Date(bounded).toISOString().replace(/\.\d{3}Z$/, "Z");
}

async function withRetries<T>(
  call: () => Promise<T>,
  sleep: (ms: number) => Promise<void>,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await call();
    } catch (cause) {
      const refusal = refusalOf(cause);
      const waitSeconds = refusal?.retryAfterSeconds ?? DEFAULT_RETRY_SECONDS;
      if (refusal?.status !== 429) {
        const reason = `AvilaDB answered ${refusal?.status ?? String(cause)}`;
        throw new AvxError("store_unavailable", { reason }, { cause });
      }
      if (attempt >= MAX_RETRIES || waitSeconds > MAX_RETRY_SECONDS) {
        const facts = { what: "AvilaDB", retryAfterSeconds: waitSeconds };
        throw new AvxError("overloaded", facts, { cause });
      }
      await sleep(waitSeconds * 1000);
    }
  }
}
