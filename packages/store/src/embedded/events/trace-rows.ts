import type { Attributes, Span, SpanKind, SpanStatus } from "@avx/model";
import {
  arrays,
  int64s,
  mapRows,
  stringMaps,
  strings,
  uint64s,
} from "../../engine/block-access.ts";
import type { ColumnData, NamedColumn } from "../../engine/native-columns.ts";
import type { NativeBlock, ReadColumn } from "../../engine/native-reader.ts";
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

/** What the exporter's columns cannot hold of a span; all parts are absent in most spans. */
interface TypedSpan {
  readonly resource?: AttributeTypes;
  readonly span?: AttributeTypes;
  readonly scope?: Attributes | undefined;
  readonly events?: readonly AttributeTypes[] | undefined;
  readonly links?: readonly AttributeTypes[] | undefined;
}

/** The exporter writes Kind and Status with a capital letter. */
function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** In the order in which the letters of a cell stand. */
function attributeGroups({ resource, attributes, events, links }: Span): Attributes[] {
  const groups = [resource.attributes, attributes];
  for (const event of events) groups.push(event.attributes);
  for (const link of links) groups.push(link.attributes);
  return groups;
}

function typedCell(span: Span): string | Uint8Array {
  // The exporter has no column for the attributes of the scope.
  const letters = span.scope.attributes.size === 0 ? lettersCell(attributeGroups(span)) : undefined;
  if (letters !== undefined) return letters;
  const typed: TypedSpan = {
    resource: typedValues(span.resource.attributes),
    span: typedValues(span.attributes),
    scope: span.scope.attributes,
    events: span.events.map(({ attributes }) => typedValues(attributes)),
    links: span.links.map(({ attributes }) => typedValues(attributes)),
  };
  return serializedCell(typed);
}

function readTyped(bytes: Buffer, eventCount: number): TypedSpan {
  if (bytes.length === 0) return {};
  const cell = readTypedCell(bytes);
  // Proof of the `as`: typedCell wrote it, from the same type.
  if (cell.kind === "serialized") return cell.value as TypedSpan;
  if (cell.kind === "mixed") {
    // Proof of the `as`: the columns of spans wrote it so, from these two.
    const { resource, scope } = cell.value as TypedSpan;
    const [span, ...events] = cell.groups;
    return { ...(resource && { resource }), scope, span, events };
  }
  const [resource, span, ...others] = cell.groups;
  return { resource, span, events: others.slice(0, eventCount), links: others.slice(eventCount) };
}

/** The rows of the table `otel_traces`, all columns but AvxBatch. */
export function traceColumns(spans: readonly Span[]): NamedColumn[] {
  const text = (of: (span: Span) => string): ColumnData => textColumn(spans.map(of));
  const durations = BigUint64Array.from(spans, (span) => span.endUnixNano - span.startUnixNano);
  return [
    { name: "Timestamp", column: nanosColumn(spans.map(({ startUnixNano }) => startUnixNano)) },
    { name: "TraceId", column: text(({ traceId }) => traceId) },
    { name: "SpanId", column: text(({ spanId }) => spanId) },
    { name: "ParentSpanId", column: text(({ parentSpanId }) => parentSpanId) },
    { name: "TraceState", column: text(({ traceState }) => traceState) },
    { name: "SpanName", column: text(({ name }) => name) },
    { name: "SpanKind", column: text(({ kind }) => capital(kind)) },
    { name: "ServiceName", column: text(({ resource }) => serviceNameOf(resource)) },
    {
      name: "ResourceAttributes",
      column: attributesColumn(spans.map(({ resource }) => resource.attributes)),
    },
    { name: "ScopeName", column: text(({ scope }) => scope.name) },
    { name: "ScopeVersion", column: text(({ scope }) => scope.version) },
    { name: "SpanAttributes", column: attributesColumn(spans.map(({ attributes }) => attributes)) },
    { name: "Duration", column: { kind: "fixed", type: "UInt64", data: durations } },
    { name: "StatusCode", column: text(({ status }) => capital(status)) },
    { name: "StatusMessage", column: text(({ statusMessage }) => statusMessage) },
    ...eventColumns(spans),
    ...linkColumns(spans),
    {
      name: "AvxTyped",
      column: { kind: "string", data: spans.map(typedCell) },
    },
  ];
}

function endsOf(lengths: readonly number[]): number[] {
  let end = 0;
  return lengths.map((length) => {
    end += length;
    return end;
  });
}

function eventColumns(spans: readonly Span[]): NamedColumn[] {
  const ends = endsOf(spans.map(({ events }) => events.length));
  const events = spans.flatMap((span) => span.events);
  const column = (name: string, items: ColumnData): NamedColumn => ({
    name: `Events.${name}`,
    column: { kind: "array", ends, items },
  });
  return [
    column("Timestamp", nanosColumn(events.map(({ timeUnixNano }) => timeUnixNano))),
    column("Name", textColumn(events.map(({ name }) => name))),
    column("Attributes", attributesColumn(events.map(({ attributes }) => attributes))),
  ];
}

function linkColumns(spans: readonly Span[]): NamedColumn[] {
  const ends = endsOf(spans.map(({ links }) => links.length));
  const links = spans.flatMap((span) => span.links);
  const column = (name: string, items: ColumnData): NamedColumn => ({
    name: `Links.${name}`,
    column: { kind: "array", ends, items },
  });
  return [
    column("TraceId", textColumn(links.map(({ traceId }) => traceId))),
    column("SpanId", textColumn(links.map(({ spanId }) => spanId))),
    column("TraceState", textColumn(links.map(({ traceState }) => traceState))),
    column("Attributes", attributesColumn(links.map(({ attributes }) => attributes))),
  ];
}

/** What a SELECT must ask for so that `readSpans` can read its answer. */
export const SPAN_SELECT = `Timestamp, TraceId, SpanId, ParentSpanId, TraceState,
  CAST(SpanName, 'String') AS name, CAST(SpanKind, 'String') AS kind,
  CAST(ResourceAttributes, 'Map(String, String)') AS resource, ScopeName, ScopeVersion,
  CAST(SpanAttributes, 'Map(String, String)') AS attributes, Duration,
  CAST(StatusCode, 'String') AS status, StatusMessage,
  \`Events.Timestamp\` AS eventTimes, CAST(\`Events.Name\`, 'Array(String)') AS eventNames,
  CAST(\`Events.Attributes\`, 'Array(Map(String, String))') AS eventAttributes,
  \`Links.TraceId\` AS linkTraces, \`Links.SpanId\` AS linkSpans, \`Links.TraceState\` AS linkStates,
  CAST(\`Links.Attributes\`, 'Array(Map(String, String))') AS linkAttributes,
  AvxTyped, AvxBatch`;

/** A span and its AvxBatch. */
export interface StoredSpan {
  readonly span: Span;
  readonly mark: bigint;
}

/** What SPAN_SELECT calls otherwise than the table does. */
const SELECTED_AS: Readonly<Record<string, string>> = {
  SpanName: "name",
  SpanKind: "kind",
  ResourceAttributes: "resource",
  SpanAttributes: "attributes",
  StatusCode: "status",
  "Events.Timestamp": "eventTimes",
  "Events.Name": "eventNames",
  "Events.Attributes": "eventAttributes",
  "Links.TraceId": "linkTraces",
  "Links.SpanId": "linkSpans",
  "Links.TraceState": "linkStates",
  "Links.Attributes": "linkAttributes",
};

/** The spans of rows as they are inserted; of these rows, or of all. */
export function spansOfRows(block: NativeBlock, rows?: readonly number[]): Span[] {
  const columns = new Map(
    Array.from(block.columns, ([name, column]) => [SELECTED_AS[name] ?? name, column]),
  );
  return readSpans({ rows: block.rows, columns }, rows).map(({ span }) => span);
}

/** The spans of one block of an answer to a query for SPAN_SELECT; of these rows, or of all. */
export function readSpans(block: NativeBlock, rows?: readonly number[]): StoredSpan[] {
  const text = (name: string, row: number): string => strings(block, name).text(row);
  const starts = int64s(block, "Timestamp");
  const durations = uint64s(block, "Duration");
  const marks = uint64s(block, "AvxBatch");
  const resource = stringMaps(block, "resource");
  const attributes = stringMaps(block, "attributes");
  const typedCells = strings(block, "AvxTyped");
  const eventEnds = arrays(block, "eventTimes").ends;
  const eventCount = (row: number): number => rowBounds(eventEnds, row).count;
  const readEvents = eventReader(block);
  const readLinks = linkReader(block);
  return (rows ?? Array.from({ length: block.rows }, (_, row) => row)).map((row) => {
    const typed = readTyped(typedCells.bytes(row), eventCount(row));
    const start = starts[row]!;
    const span: Span = {
      traceId: text("TraceId", row),
      spanId: text("SpanId", row),
      parentSpanId: text("ParentSpanId", row),
      traceState: text("TraceState", row),
      name: text("name", row),
      // Proof of both `as`: traceColumns wrote them, from the same types.
      kind: text("kind", row).toLowerCase() as SpanKind,
      startUnixNano: start,
      endUnixNano: start + BigInt.asIntN(64, durations[row]!),
      attributes: restoreAttributes(attributes(row), typed.span),
      events: readEvents(row, typed.events),
      links: readLinks(row, typed.links),
      status: text("status", row).toLowerCase() as SpanStatus,
      statusMessage: text("StatusMessage", row),
      resource: { attributes: restoreAttributes(resource(row), typed.resource) },
      scope: {
        name: text("ScopeName", row),
        version: text("ScopeVersion", row),
        attributes: typed.scope ?? new Map(),
      },
    };
    return { span, mark: marks[row]! };
  });
}

type TypedList = readonly AttributeTypes[] | undefined;

function rowBounds(ends: Float64Array, row: number): { first: number; count: number } {
  const first = row === 0 ? 0 : ends[row - 1]!;
  return { first, count: ends[row]! - first };
}

function textItems(block: NativeBlock, name: string): (i: number) => string {
  const { items } = arrays(block, name);
  return (i) => (items.kind === "string" ? items.text(i) : "");
}

function nanosItems(items: ReadColumn): (i: number) => bigint {
  const data = items.kind === "fixed" ? items.data : undefined;
  return (i) => (data instanceof BigInt64Array ? data[i]! : 0n);
}

function eventReader(block: NativeBlock): (row: number, typed: TypedList) => Span["events"] {
  const { ends, items } = arrays(block, "eventTimes");
  const times = nanosItems(items);
  const names = textItems(block, "eventNames");
  const attributes = mapRows(arrays(block, "eventAttributes").items, "eventAttributes");
  return (row, typed) => {
    const { first, count } = rowBounds(ends, row);
    return Array.from({ length: count }, (_, i) => ({
      timeUnixNano: times(first + i),
      name: names(first + i),
      attributes: restoreAttributes(attributes(first + i), typed?.[i]),
    }));
  };
}

function linkReader(block: NativeBlock): (row: number, typed: TypedList) => Span["links"] {
  const { ends } = arrays(block, "linkTraces");
  const traces = textItems(block, "linkTraces");
  const spans = textItems(block, "linkSpans");
  const states = textItems(block, "linkStates");
  const attributes = mapRows(arrays(block, "linkAttributes").items, "linkAttributes");
  return (row, typed) => {
    const { first, count } = rowBounds(ends, row);
    return Array.from({ length: count }, (_, i) => ({
      traceId: traces(first + i),
      spanId: spans(first + i),
      traceState: states(first + i),
      attributes: restoreAttributes(attributes(first + i), typed?.[i]),
    }));
  };
}
