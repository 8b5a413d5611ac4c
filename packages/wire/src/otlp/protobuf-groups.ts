import type { Resource, Scope } from "@avx/model";
import { ProtoReader } from "../protobuf/reader.ts";
import { ProtoWriter } from "../protobuf/writer.ts";
import { EMPTY_RESOURCE, EMPTY_SCOPE } from "./metric.ts";
import { readResource, readScope, writeResource, writeScope } from "./protobuf-attributes.ts";
import { groupByResource, type Scoped } from "./resource-groups.ts";

/** What differs between the three signals, and the limit of one request. */
export interface RequestReading<Item> {
  /** Names the body in errors. */
  readonly format: string;
  readonly readItem: ReadItem<Item>;
  /** Most data points, spans or log records. */
  readonly maxItems: number | undefined;
}

/** Reads one item; the reader stands at its length. */
export type ReadItem<Item> = (reader: ProtoReader, resource: Resource, scope: Scope) => Item;

/**
 * Reads an `Export*ServiceRequest`: all three signals have the same frame of resources and scopes.
 * A resource or scope may follow its items on the wire, so it is looked up before they are read.
 */
export function readRequest<Item>(
  bytes: Uint8Array,
  { format, readItem, maxItems }: RequestReading<Item>,
): Item[] {
  const reader = new ProtoReader(bytes, format, maxItems);
  const items: Item[] = [];
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) readResourceGroup(reader, readItem, items);
    else reader.skip(tag);
  }
  return items;
}

function readResourceGroup<Item>(
  reader: ProtoReader,
  readItem: ReadItem<Item>,
  items: Item[],
): void {
  const outer = reader.enter();
  const start = reader.position;
  let resource = EMPTY_RESOURCE;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) resource = readResource(reader);
    else reader.skip(tag);
  }
  reader.position = start;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x12) readScopeGroup(reader, { resource, readItem, items });
    else reader.skip(tag);
  }
  reader.leave(outer);
}

interface ScopeGroupContext<Item> {
  readonly resource: Resource;
  readonly readItem: ReadItem<Item>;
  readonly items: Item[];
}

function readScopeGroup<Item>(
  reader: ProtoReader,
  { resource, readItem, items }: ScopeGroupContext<Item>,
): void {
  const outer = reader.enter();
  const start = reader.position;
  let scope = EMPTY_SCOPE;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) scope = readScope(reader);
    else reader.skip(tag);
  }
  reader.position = start;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x12) items.push(readItem(reader, resource, scope));
    else reader.skip(tag);
  }
  reader.leave(outer);
}

/** Writes an `Export*ServiceRequest`; `writeItem` writes the fields of one item. */
export function writeRequest<Item extends Scoped>(
  items: readonly Item[],
  writeItem: (writer: ProtoWriter, item: Item) => void,
): Uint8Array {
  const writer = new ProtoWriter();
  for (const { resource, scopes } of groupByResource(items)) {
    const resourceStart = writer.begin(1);
    writeResource(writer, resource);
    for (const { scope, items: scoped } of scopes) {
      const scopeStart = writer.begin(2);
      writeScope(writer, scope);
      for (const item of scoped) {
        const itemStart = writer.begin(2);
        writeItem(writer, item);
        writer.end(itemStart);
      }
      writer.end(scopeStart);
    }
    writer.end(resourceStart);
  }
  return writer.finish();
}
