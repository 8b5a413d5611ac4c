import type { Resource, Scope } from "@avx/model";
import {
  type JsonOut,
  resourceFromJson,
  resourceToJson,
  scopeFromJson,
  scopeToJson,
} from "./json-attributes.ts";
import { arrayOf, type JsonObject, objectOf, parseBoundedJson } from "./json-values.ts";
import { groupByResource, type Scoped } from "./resource-groups.ts";

/** The field names in which the three signals differ. */
export interface JsonFrame {
  readonly format: string;
  readonly resourceField: string;
  readonly scopeField: string;
  readonly itemField: string;
}

/** Reads an `Export*ServiceRequest` in JSON. */
export function readJsonRequest<Item>(
  bytes: Uint8Array,
  frame: JsonFrame,
  readItem: (item: JsonObject, resource: Resource, scope: Scope) => Item,
): Item[] {
  const request = objectOf(parseBoundedJson(bytes, frame.format), "request");
  const items: Item[] = [];
  for (const group of arrayOf(request[frame.resourceField], frame.resourceField)) {
    const resourceGroup = objectOf(group, frame.resourceField);
    const resource = resourceFromJson(resourceGroup["resource"]);
    for (const scoped of arrayOf(resourceGroup[frame.scopeField], frame.scopeField)) {
      const scopeGroup = objectOf(scoped, frame.scopeField);
      const scope = scopeFromJson(scopeGroup["scope"]);
      for (const item of arrayOf(scopeGroup[frame.itemField], frame.itemField)) {
        items.push(readItem(objectOf(item, frame.itemField), resource, scope));
      }
    }
  }
  return items;
}

/** Writes an `Export*ServiceRequest` in JSON. */
export function writeJsonRequest<Item extends Scoped>(
  items: readonly Item[],
  frame: JsonFrame,
  itemToJson: (item: Item) => JsonOut,
): Uint8Array {
  const groups = groupByResource(items).map(({ resource, scopes }) => ({
    resource: resourceToJson(resource),
    [frame.scopeField]: scopes.map(({ scope, items: scoped }) => ({
      scope: scopeToJson(scope),
      [frame.itemField]: scoped.map(itemToJson),
    })),
  }));
  return new TextEncoder().encode(JSON.stringify({ [frame.resourceField]: groups }));
}
