import type { PackedGroup, SpanColumns } from "@avx/model";
import type { ColumnData, NamedColumn } from "../../engine/native-columns.ts";
import { serviceNameOf } from "../../traces/service-name.ts";
import { groupLetters, typedValues } from "./attribute-types.ts";
import {
  numbered,
  packedAttributes,
  packedNanos,
  repeatedAttributes,
  repeatedText,
} from "./packed-columns.ts";
import { type GroupTypes, typedCells } from "./packed-types.ts";

/** By their numbers in `SpanColumns`; the exporter writes them with a capital letter. */
const KIND_TEXTS = ["Unspecified", "Internal", "Server", "Client", "Producer", "Consumer"];
const STATUS_TEXTS = ["Unset", "Ok", "Error"];

/** As `trace-rows` reads them: the letters of the resource first, attributes of the scope as values. */
function groupTypes({ resource, scope }: PackedGroup): GroupTypes {
  const before = groupLetters(resource.attributes);
  if (before !== undefined && scope.attributes.size === 0) {
    return { kind: "letters", before, behind: "" };
  }
  const values = { resource: typedValues(resource.attributes), scope: scope.attributes };
  return { kind: "values", values };
}

/** The rows of the table `otel_traces`, all columns but AvxBatch, straight from columns. */
export function packedTraceColumns(spans: SpanColumns): NamedColumn[] {
  const { rows, groups, events } = spans;
  const none: ArrayLike<number> = new Uint32Array(rows);
  const perGroup = (of: (group: PackedGroup) => string): ColumnData => repeatedText(groups, of);
  const link = (name: string, items: ColumnData): NamedColumn => ({
    name: `Links.${name}`,
    column: { kind: "array", ends: none, items },
  });
  const event = (name: string, items: ColumnData): NamedColumn => ({
    name: `Events.${name}`,
    column: { kind: "array", ends: events.ends, items },
  });
  const noText: ColumnData = { kind: "string", data: [] };
  return [
    { name: "Timestamp", column: packedNanos(spans.startUnixNano) },
    { name: "TraceId", column: { kind: "packed", texts: spans.traceIds } },
    { name: "SpanId", column: { kind: "packed", texts: spans.spanIds } },
    { name: "ParentSpanId", column: { kind: "packed", texts: spans.parentSpanIds } },
    { name: "TraceState", column: { kind: "packed", texts: spans.traceStates } },
    { name: "SpanName", column: { kind: "choice", choices: spans.names } },
    { name: "SpanKind", column: numbered(KIND_TEXTS, spans.kinds) },
    { name: "ServiceName", column: perGroup(({ resource }) => serviceNameOf(resource)) },
    {
      name: "ResourceAttributes",
      column: repeatedAttributes(groups, ({ resource }) => resource.attributes),
    },
    { name: "ScopeName", column: perGroup(({ scope }) => scope.name) },
    { name: "ScopeVersion", column: perGroup(({ scope }) => scope.version) },
    { name: "SpanAttributes", column: packedAttributes(spans.attributes) },
    { name: "Duration", column: { kind: "fixed", type: "UInt64", data: spans.durationNano } },
    { name: "StatusCode", column: numbered(STATUS_TEXTS, spans.statuses) },
    { name: "StatusMessage", column: { kind: "packed", texts: spans.statusMessages } },
    event("Timestamp", packedNanos(events.timeUnixNano)),
    event("Name", { kind: "choice", choices: events.names }),
    event("Attributes", packedAttributes(events.attributes)),
    link("TraceId", noText),
    link("SpanId", noText),
    link("TraceState", noText),
    link("Attributes", { kind: "map", ends: [], keys: noText, values: noText }),
    { name: "AvxTyped", column: typedCells(spans, groupTypes) },
  ];
}
