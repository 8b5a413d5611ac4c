import { AvxError, type MetricDocument } from "@avx/model";

/** The document database's limit for one document; kept here too, so that adapters can be swapped. */
const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

/** The document as JSON text. Throws `document_too_large` above 4 MiB, `bad_request` without a time. */
export function documentJson(document: MetricDocument): string {
  const json = JSON.stringify(document);
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_DOCUMENT_BYTES) {
    throw new AvxError("document_too_large", { bytes, limitBytes: MAX_DOCUMENT_BYTES });
  }
  return json;
}

/** Unix milliseconds of the document's `timestamp`; throws `bad_request` when it is no date. */
export function documentMs(document: MetricDocument): number {
  const timeMs = Date.parse(document.timestamp);
  if (Number.isNaN(timeMs)) {
    throw new AvxError("bad_request", { reason: `document ${document.id} has no valid timestamp` });
  }
  return timeMs;
}
