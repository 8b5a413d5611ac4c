import type { AttributeValue, LogRecord } from "@avx/model";
import { int64s, stringMaps, strings, uint8s, uint64s } from "../../engine/block-access.ts";
import type { ColumnData, NamedColumn } from "../../engine/native-columns.ts";
import type { NativeBlock } from "../../engine/native-reader.ts";
import { bodyText, recordNanos } from "../../logs/log-match.ts";
import { serviceNameOf } from "../../traces/service-name.ts";
import { attributesColumn, nanosColumn, textColumn } from "./attribute-columns.ts";
import {
  type AttributeTypes,
  lettersCell,
  readTypedCell,
  restoreAttributes,
  serializedCell,
  typedValues,
} from "./attribute-types.ts";

/** What the exporter's columns cannot hold of a record; most parts are absent in most records. */
interface TypedRecord {
  readonly timeUnixNano?: bigint | undefined;
  /** In an array, because the body itself may be null. */
  readonly body?: readonly [AttributeValue] | undefined;
  readonly attributes?: AttributeTypes;
  readonly resource?: AttributeTypes;
  readonly scope?: AttributeTypes;
}

function typedCell(record: LogRecord): string | Uint8Array {
  const { timeUnixNano, body, attributes, resource, scope } = record;
  const isTimed = timeUnixNano === recordNanos(record);
  if (isTimed && typeof body === "string") {
    const letters = lettersCell([attributes, resource.attributes, scope.attributes]);
    if (letters !== undefined) return letters;
  }
  const typed: TypedRecord = {
    timeUnixNano,
    body: typeof body === "string" ? undefined : [body],
    attributes: typedValues(attributes),
    resource: typedValues(resource.attributes),
    scope: typedValues(scope.attributes),
  };
  return serializedCell(typed);
}

function readTyped(bytes: Buffer): TypedRecord {
  if (bytes.length === 0) return {};
  const cell = readTypedCell(bytes);
  // Proof of the `as`: typedCell wrote it, from the same type.
  if (cell.kind === "serialized") return cell.value as TypedRecord;
  if (cell.kind === "mixed") {
    // Proof of the `as`: the columns of records wrote it so, from these two.
    const { resource, scope } = cell.value as TypedRecord;
    return { attributes: cell.groups[0], ...(resource && { resource }), ...(scope && { scope }) };
  }
  const [attributes, resource, scope] = cell.groups;
  return { attributes, resource, scope };
}

/** The rows of the table `otel_logs`, all columns but AvxBatch. */
export function logColumns(records: readonly LogRecord[]): NamedColumn[] {
  const text = (of: (record: LogRecord) => string): ColumnData => textColumn(records.map(of));
  const severities = Uint8Array.from(records, ({ severityNumber }) => severityNumber);
  return [
    { name: "Timestamp", column: nanosColumn(records.map(recordNanos)) },
    { name: "TraceId", column: text(({ traceId }) => traceId) },
    { name: "SpanId", column: text(({ spanId }) => spanId) },
    { name: "SeverityText", column: text(({ severityText }) => severityText) },
    { name: "SeverityNumber", column: { kind: "fixed", type: "UInt8", data: severities } },
    { name: "ServiceName", column: text(({ resource }) => serviceNameOf(resource)) },
    { name: "Body", column: text(({ body }) => bodyText(body)) },
    {
      name: "ResourceAttributes",
      column: attributesColumn(records.map(({ resource }) => resource.attributes)),
    },
    { name: "ScopeName", column: text(({ scope }) => scope.name) },
    { name: "ScopeVersion", column: text(({ scope }) => scope.version) },
    {
      name: "ScopeAttributes",
      column: attributesColumn(records.map(({ scope }) => scope.attributes)),
    },
    {
      name: "LogAttributes",
      column: attributesColumn(records.map(({ attributes }) => attributes)),
    },
    { name: "EventName", column: text(({ eventName }) => eventName) },
    {
      name: "AvxObserved",
      column: nanosColumn(records.map(({ observedUnixNano }) => observedUnixNano)),
    },
    {
      name: "AvxTyped",
      column: { kind: "string", data: records.map(typedCell) },
    },
  ];
}

/** What a SELECT must ask for so that `readLogs` can read its answer. */
export const LOG_SELECT = `Timestamp, TraceId, SpanId, CAST(SeverityText, 'String') AS severityText,
  SeverityNumber, Body, CAST(ResourceAttributes, 'Map(String, String)') AS resource, ScopeName,
  CAST(ScopeVersion, 'String') AS scopeVersion,
  CAST(ScopeAttributes, 'Map(String, String)') AS scopeAttributes,
  CAST(LogAttributes, 'Map(String, String)') AS attributes, EventName, AvxObserved,
  AvxTyped, AvxBatch`;

/** A record and its AvxBatch. */
export interface StoredRecord {
  readonly record: LogRecord;
  readonly mark: bigint;
}

/** What LOG_SELECT calls otherwise than the table does. */
const SELECTED_AS: Readonly<Record<string, string>> = {
  SeverityText: "severityText",
  ResourceAttributes: "resource",
  ScopeVersion: "scopeVersion",
  ScopeAttributes: "scopeAttributes",
  LogAttributes: "attributes",
};

/** The records of rows as they are inserted; of these rows, or of all. */
export function recordsOfRows(block: NativeBlock, rows?: readonly number[]): LogRecord[] {
  const columns = new Map(
    Array.from(block.columns, ([name, column]) => [SELECTED_AS[name] ?? name, column]),
  );
  return readLogs({ rows: block.rows, columns }, rows).map(({ record }) => record);
}

/** The records of one block of an answer to a query for LOG_SELECT; of these rows, or of all. */
export function readLogs(block: NativeBlock, rows?: readonly number[]): StoredRecord[] {
  const text = (name: string, row: number): string => strings(block, name).text(row);
  const times = int64s(block, "Timestamp");
  const observed = int64s(block, "AvxObserved");
  const severities = uint8s(block, "SeverityNumber");
  const marks = uint64s(block, "AvxBatch");
  const typedCells = strings(block, "AvxTyped");
  const resource = stringMaps(block, "resource");
  const scope = stringMaps(block, "scopeAttributes");
  const attributes = stringMaps(block, "attributes");
  return (rows ?? Array.from({ length: block.rows }, (_, row) => row)).map((row) => {
    const typed = readTyped(typedCells.bytes(row));
    const record: LogRecord = {
      timeUnixNano: typed.timeUnixNano ?? times[row]!,
      observedUnixNano: observed[row]!,
      severityNumber: severities[row]!,
      severityText: text("severityText", row),
      body: typed.body ? typed.body[0] : text("Body", row),
      attributes: restoreAttributes(attributes(row), typed.attributes),
      traceId: text("TraceId", row),
      spanId: text("SpanId", row),
      eventName: text("EventName", row),
      resource: { attributes: restoreAttributes(resource(row), typed.resource) },
      scope: {
        name: text("ScopeName", row),
        version: text("scopeVersion", row),
        attributes: restoreAttributes(scope(row), typed.scope),
      },
    };
    return { record, mark: marks[row]! };
  });
}
