import type { MetricDocument } from "@avx/model";
import { documentJson, documentMs } from "../documents/document-limits.ts";
import type { DocumentSearch, DocumentStore } from "../store.ts";
import { Expiry, type ExpiryOptions } from "./expiry.ts";

/** Documents in memory only. A document with a known id replaces the earlier one. */
export class MemoryDocuments implements DocumentStore {
  private readonly maxDocuments: number;
  private readonly byId = new Map<string, MetricDocument>();
  private readonly expiry: Expiry;

  constructor(maxDocuments: number, expiry: ExpiryOptions) {
    this.expiry = new Expiry(expiry);
    this.maxDocuments = maxDocuments;
  }

  async insertBatch(documents: readonly MetricDocument[]): Promise<void> {
    this.expiry.whenDue((beforeMs) => this.dropBefore(beforeMs));
    const checked = documents.map((document) => {
      documentMs(document);
      documentJson(document);
      return document;
    });
    for (const document of checked) {
      this.byId.delete(document.id);
      this.byId.set(document.id, document);
    }
    for (const id of this.byId.keys()) {
      if (this.byId.size <= this.maxDocuments) break;
      this.byId.delete(id);
    }
  }

  /** Drops documents older than `beforeMs`. */
  private dropBefore(beforeMs: number): void {
    for (const [id, document] of this.byId) {
      if (documentMs(document) < beforeMs) this.byId.delete(id);
    }
  }

  async query(
    { service, range, limit }: DocumentSearch,
    signal?: AbortSignal,
  ): Promise<readonly MetricDocument[]> {
    signal?.throwIfAborted();
    return [...this.byId.values()]
      .filter((document) => service === "" || document.service === service)
      .filter((document) => {
        const timeMs = documentMs(document);
        return timeMs >= range.startMs && timeMs <= range.endMs;
      })
      .sort((a, b) => documentMs(a) - documentMs(b))
      .slice(0, limit);
  }
}
