import { AvxError, type Resource, type Scope } from "@avx/model";
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

/** How one signal's items are read, and the limit of one request. */
export interface JsonReading<Item> {
  readonly frame: JsonFrame;
  readonly readItem: (item: JsonObject, resource: Resource, scope: Scope) => Item;
  /** Data points, spans or log records of an item, known before it is read. */
  readonly sizeOf: (item: JsonObject) => number;
  readonly maxItems: number | undefined;
}

/** Reads an `Export*ServiceRequest` in JSON; throws `too_many_points` beyond `maxItems`. */
export function readJsonRequest<Item>(bytes: Uint8Array, reading: JsonReading<Item>): Item[] {
  const { frame, readItem, sizeOf, maxItems = Number.POSITIVE_INFINITY } = reading;
  const request = objectOf(parseBoundedJson(bytes, frame.format), "request");
  const items: Item[] = [];
  let count = 0;
  for (const group of arrayOf(request[frame.resourceField], frame.resourceField)) {
    const resourceGroup = objectOf(group, frame.resourceField);
    const resource = resourceFromJson(resourceGroup["resource"]);
    for (const scoped of arrayOf(resourceGroup[frame.scopeField], frame.scopeField)) {
      const scopeGroup = objectOf(scoped, frame.scopeField);
      const scope = scopeFromJson(scopeGroup["scope"]);
      for (const item of arrayOf(scopeGroup[frame.itemField], frame.itemField)) {
        const json = objectOf(item, frame.itemField);
        count += sizeOf(json);
        if (count > maxItems) {
          const limit = maxItems;
          throw new AvxError("too_many_points", { count: `more than ${limit}`, limit });
        }
        items.push(readItem(json, resource, scope));
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
