import type { AttributeValue, LogRecord } from "@avx/model";
import type { LogSearch } from "../store.ts";
import { serviceNameOf } from "../traces/service-name.ts";
import { nanosToMs } from "../traces/span-search.ts";
import { attributeText } from "./attribute-text.ts";

/** When the record happened; records without a time count as of when they were observed. */
export function recordNanos({ timeUnixNano, observedUnixNano }: LogRecord): bigint {
  return timeUnixNano === 0n ? observedUnixNano : timeUnixNano;
}

/** The body as the text that is searched and shown. */
export function bodyText(body: AttributeValue): string {
  return attributeText(body);
}

/** Whether a record meets the search. */
export function logMatches(record: LogRecord, search: LogSearch): boolean {
  const { service, traceId, text, range } = search;
  const timeMs = nanosToMs(recordNanos(record));
  return (
    timeMs >= range.startMs &&
    timeMs <= range.endMs &&
    (service === "" || serviceNameOf(record.resource) === service) &&
    (traceId === "" || record.traceId === traceId) &&
    (text === "" || bodyText(record.body).includes(text))
  );
}

/** Newest first. */
export function compareRecords(a: LogRecord, b: LogRecord): number {
  const left = recordNanos(a);
  const right = recordNanos(b);
  if (left === right) return 0;
  return left < right ? 1 : -1;
}
