import type { LogColumns, PackedGroup } from "@avx/model";
import type { NamedColumn } from "../../engine/native-columns.ts";
import { serviceNameOf } from "../../traces/service-name.ts";
import { groupLetters, typedValues } from "./attribute-types.ts";
import {
  packedAttributes,
  packedNanos,
  repeatedAttributes,
  repeatedText,
} from "./packed-columns.ts";
import { type GroupTypes, typedCells } from "./packed-types.ts";

/** As `log-rows` reads them: the letters of the record first. */
function groupTypes({ resource, scope }: PackedGroup): GroupTypes {
  const ofResource = groupLetters(resource.attributes);
  const ofScope = groupLetters(scope.attributes);
  if (ofResource !== undefined && ofScope !== undefined) {
    return { kind: "letters", before: "", behind: ofResource + ofScope };
  }
  const values = {
    resource: typedValues(resource.attributes),
    scope: typedValues(scope.attributes),
  };
  return { kind: "values", values };
}

/** The rows of the table `otel_logs`, all columns but AvxBatch, straight from columns. */
export function packedLogColumns(logs: LogColumns): NamedColumn[] {
  const { groups, severityNumbers } = logs;
  return [
    { name: "Timestamp", column: packedNanos(logs.timeUnixNano) },
    { name: "TraceId", column: { kind: "packed", texts: logs.traceIds } },
    { name: "SpanId", column: { kind: "packed", texts: logs.spanIds } },
    { name: "SeverityText", column: { kind: "choice", choices: logs.severityTexts } },
    { name: "SeverityNumber", column: { kind: "fixed", type: "UInt8", data: severityNumbers } },
    { name: "ServiceName", column: repeatedText(groups, (one) => serviceNameOf(one.resource)) },
    { name: "Body", column: { kind: "packed", texts: logs.bodies } },
    {
      name: "ResourceAttributes",
      column: repeatedAttributes(groups, ({ resource }) => resource.attributes),
    },
    { name: "ScopeName", column: repeatedText(groups, ({ scope }) => scope.name) },
    { name: "ScopeVersion", column: repeatedText(groups, ({ scope }) => scope.version) },
    {
      name: "ScopeAttributes",
      column: repeatedAttributes(groups, ({ scope }) => scope.attributes),
    },
    { name: "LogAttributes", column: packedAttributes(logs.attributes) },
    { name: "EventName", column: { kind: "packed", texts: logs.eventNames } },
    { name: "AvxObserved", column: packedNanos(logs.observedUnixNano) },
    { name: "AvxTyped", column: typedCells(logs, groupTypes) },
  ];
}
