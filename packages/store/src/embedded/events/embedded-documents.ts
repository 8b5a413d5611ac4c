import type { MetricDocument } from "@avx/model";
import { documentJson, documentMs } from "../../documents/document-limits.ts";
import { strings } from "../../engine/block-access.ts";
import type { Engine } from "../../engine/engine.ts";
import type { NamedColumn } from "../../engine/native-columns.ts";
import type { DocumentSearch, DocumentStore } from "../../store.ts";
import { nanosColumn, textColumn } from "./attribute-columns.ts";
import { clampedMs } from "./clamped-time.ts";
import type { EventRows } from "./event-batch.ts";
import type { EventTable } from "./event-table.ts";

/** Unix nanoseconds of a document's time. */
export function documentNanos(document: MetricDocument): bigint {
  return BigInt(documentMs(document)) * 1_000_000n;
}

/** The rows of the table `documents`, all columns but AvxBatch. */
export function documentColumns({
  items: documents,
  batches,
}: EventRows<MetricDocument>): NamedColumn[] {
  const written = BigUint64Array.from(batches, ({ position }) => BigInt(position));
  return [
    { name: "Timestamp", column: nanosColumn(documents.map(documentNanos)) },
    { name: "Service", column: textColumn(documents.map(({ service }) => service)) },
    { name: "Id", column: textColumn(documents.map(({ id }) => id)) },
    { name: "Document", column: textColumn(documents.map(documentJson)) },
    { name: "Written", column: { kind: "fixed", type: "UInt64", data: written } },
  ];
}

/** Documents: rows of `documents`, and those of the last moments that are not rows yet. */
export class EmbeddedDocuments implements DocumentStore {
  private readonly table: EventTable<MetricDocument>;
  private readonly engine: Engine;

  constructor(table: EventTable<MetricDocument>, engine: Engine) {
    this.table = table;
    this.engine = engine;
  }

  async insertBatch(documents: readonly MetricDocument[]): Promise<void> {
    for (const document of documents) {
      documentMs(document);
      documentJson(document);
    }
    await this.table.append(documents);
  }

  async query(
    { service, range, limit }: DocumentSearch,
    signal?: AbortSignal,
  ): Promise<readonly MetricDocument[]> {
    const pending = this.table.pending();
    const recent = pending
      .flatMap(({ items }) => items)
      .filter((document) => service === "" || document.service === service)
      .filter((document) => {
        const timeMs = documentMs(document);
        return timeMs >= range.startMs && timeMs <= range.endMs;
      });
    const answer = await this.engine.query(
      `SELECT Document FROM (
         SELECT Timestamp, Id, Document FROM avx.documents
         WHERE Timestamp >= fromUnixTimestamp64Milli({startMs:Int64})
           AND Timestamp <= fromUnixTimestamp64Milli({endMs:Int64})
           AND ({service:String} = '' OR Service = {service:String})
         ORDER BY Written DESC LIMIT 1 BY Id
       ) ORDER BY Timestamp LIMIT {limit:UInt32}`,
      { service, limit, startMs: clampedMs(range.startMs), endMs: clampedMs(range.endMs) },
      signal,
    );
    const byId = new Map<string, MetricDocument>();
    for (const block of answer) {
      for (let row = 0; row < block.rows; row++) {
        // Proof of the `as`: documentColumns wrote it, from the same type.
        const document = JSON.parse(strings(block, "Document").text(row)) as MetricDocument;
        byId.set(document.id, document);
      }
    }
    for (const document of recent) byId.set(document.id, document);
    return [...byId.values()].sort((a, b) => documentMs(a) - documentMs(b)).slice(0, limit);
  }
}
