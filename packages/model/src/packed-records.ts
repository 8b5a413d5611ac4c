import type { Resource, Scope } from "./resource.ts";

/**
 * Records as columns, for ways on which an object for each record would cost too much. A column of
 * texts is bytes: for each text its length in bytes as a base-128 varint, then its UTF-8, which is
 * what protobuf sends and what the columns of a ClickHouse are made of.
 */
export type PackedTexts = Uint8Array;

/** A column of texts of which many are equal: each text once, and the number of the one of each row. */
export interface PackedChoices {
  readonly texts: PackedTexts;
  /** How many texts there are. */
  readonly count: number;
  /** One for each row, below `count`. */
  readonly indexes: Uint32Array;
}

/** A set of attributes for each row, values as text; no name is twice in a set. */
export interface PackedAttributes {
  /** Row i has the attributes from `ends[i - 1]` (0 at first) to `ends[i]`. */
  readonly ends: Uint32Array;
  readonly names: PackedChoices;
  readonly values: PackedTexts;
}

/** Who sent the rows from the end of the group before to `endRow`. */
export interface PackedGroup {
  readonly resource: Resource;
  readonly scope: Scope;
  readonly endRow: number;
}

/** What spans and log records have in common. Times are Unix nanoseconds. */
export interface PackedRecords {
  readonly rows: number;
  /** In the order of the rows. */
  readonly groups: readonly PackedGroup[];
  readonly attributes: PackedAttributes;
  /**
   * The types of a row's attribute values: s text, n number, b boolean, and a comma behind the
   * record's own attributes and behind those of each of its events.
   */
  readonly letters: PackedChoices;
}

/** Spans that start on one day (UTC), without links; ids are packed as hex. */
export interface SpanColumns extends PackedRecords {
  readonly startUnixNano: BigUint64Array;
  /** Modulo 2^64: a span that ends before it starts has a large one. */
  readonly durationNano: BigUint64Array;
  readonly traceIds: PackedTexts;
  readonly spanIds: PackedTexts;
  readonly parentSpanIds: PackedTexts;
  readonly traceStates: PackedTexts;
  readonly names: PackedChoices;
  /** 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kinds: Uint8Array;
  /** 0 unset, 1 ok, 2 error. */
  readonly statuses: Uint8Array;
  readonly statusMessages: PackedTexts;
  readonly events: {
    /** Row i has the events from `ends[i - 1]` (0 at first) to `ends[i]`. */
    readonly ends: Uint32Array;
    readonly timeUnixNano: BigUint64Array;
    readonly names: PackedChoices;
    readonly attributes: PackedAttributes;
  };
}

/** Log records of one day (UTC) that say when they happened and whose body is text. */
export interface LogColumns extends PackedRecords {
  readonly timeUnixNano: BigUint64Array;
  readonly observedUnixNano: BigUint64Array;
  readonly severityNumbers: Uint8Array;
  readonly severityTexts: PackedChoices;
  readonly bodies: PackedTexts;
  /** Hex or "". */
  readonly traceIds: PackedTexts;
  readonly spanIds: PackedTexts;
  readonly eventNames: PackedTexts;
}
