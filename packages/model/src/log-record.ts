import type { Attributes, AttributeValue } from "./attributes.ts";
import type { Resource, Scope } from "./resource.ts";

/** A log record as OTLP carries it. Ids are lower-case hex or "". */
export interface LogRecord {
  readonly timeUnixNano: bigint;
  readonly observedUnixNano: bigint;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: AttributeValue;
  readonly attributes: Attributes;
  readonly traceId: string;
  readonly spanId: string;
  readonly eventName: string;
  /** W3C trace flags of its span; absent = 0. */
  readonly flags?: number;
  /** Attributes that a limit has cost; absent = none. */
  readonly droppedAttributes?: number;
  readonly resource: Resource;
  readonly scope: Scope;
}
