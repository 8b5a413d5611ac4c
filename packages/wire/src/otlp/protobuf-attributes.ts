import type { Attributes, AttributeValue, Resource, Scope } from "@avx/model";
import type { ProtoReader } from "../protobuf/reader.ts";
import type { ProtoWriter } from "../protobuf/writer.ts";
import { shrinkInteger } from "./integers.ts";
import { NO_ATTRIBUTES } from "./metric.ts";

/**
 * Adds a `KeyValue` to attributes that a reader made, or to new ones; the last of equal keys wins.
 */
export function readKeyValue(reader: ProtoReader, attributes: Attributes): Attributes {
  const outer = reader.enter();
  let key = "";
  let value: AttributeValue = null;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) key = reader.string();
    else if (tag === 0x12) value = readAnyValue(reader);
    else reader.skip(tag);
  }
  reader.leave(outer);
  if (attributes === NO_ATTRIBUTES) return new Map([[key, value]]);
  // Proof of the `as`: any other attributes were made by the line above.
  return (attributes as Map<string, AttributeValue>).set(key, value);
}

/** Reads an `AnyValue`; an empty one is null. */
export function readAnyValue(reader: ProtoReader): AttributeValue {
  const outer = reader.enter();
  let value: AttributeValue = null;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) value = reader.string();
    else if (tag === 0x10) value = reader.bool();
    else if (tag === 0x18) value = shrinkInteger(reader.int64());
    else if (tag === 0x21) value = reader.double();
    else if (tag === 0x2a) value = readArray(reader);
    else if (tag === 0x32) value = readMap(reader);
    else if (tag === 0x3a) value = new Uint8Array(reader.lengthDelimited());
    else reader.skip(tag);
  }
  reader.leave(outer);
  return value;
}

function readArray(reader: ProtoReader): AttributeValue[] {
  const outer = reader.enter();
  const values: AttributeValue[] = [];
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) values.push(readAnyValue(reader));
    else reader.skip(tag);
  }
  reader.leave(outer);
  return values;
}

function readMap(reader: ProtoReader): Attributes {
  const outer = reader.enter();
  let map = NO_ATTRIBUTES;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) map = readKeyValue(reader, map);
    else reader.skip(tag);
  }
  reader.leave(outer);
  return map;
}

/** Reads a `Resource`. */
export function readResource(reader: ProtoReader): Resource {
  return { attributes: readMap(reader) };
}

/** Reads an `InstrumentationScope`. */
export function readScope(reader: ProtoReader): Scope {
  const outer = reader.enter();
  let attributes = NO_ATTRIBUTES;
  let name = "";
  let version = "";
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) name = reader.string();
    else if (tag === 0x12) version = reader.string();
    else if (tag === 0x1a) attributes = readKeyValue(reader, attributes);
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { name, version, attributes };
}

/**
 * Writes each attribute as a `KeyValue` in `field`. Whole numbers travel as int, others as double.
 */
export function writeAttributes(writer: ProtoWriter, field: number, attributes: Attributes): void {
  for (const [key, value] of attributes) {
    const start = writer.begin(field);
    writer.string(1, key);
    const valueStart = writer.begin(2);
    writeAnyValue(writer, value);
    writer.end(valueStart);
    writer.end(start);
  }
}

/** Writes the fields of an `AnyValue` into the open message. */
export function writeAnyValue(writer: ProtoWriter, value: AttributeValue): void {
  if (typeof value === "string") writer.stringAlways(1, value);
  else if (typeof value === "boolean") writer.boolAlways(2, value);
  else if (typeof value === "bigint") writer.int64Always(3, value);
  else if (typeof value === "number") {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) writer.int64Always(3, value);
    else writer.doubleAlways(4, value);
  } else if (value instanceof Uint8Array) writer.bytesAlways(7, value);
  else if (value instanceof Map) {
    const start = writer.begin(6);
    writeAttributes(writer, 1, value);
    writer.end(start);
  } else if (Array.isArray(value)) {
    const start = writer.begin(5);
    for (const item of value) {
      const itemStart = writer.begin(1);
      writeAnyValue(writer, item);
      writer.end(itemStart);
    }
    writer.end(start);
  }
}

/** Writes field 1 of a resource group. */
export function writeResource(writer: ProtoWriter, resource: Resource): void {
  const start = writer.begin(1);
  writeAttributes(writer, 1, resource.attributes);
  writer.end(start);
}

/** Writes field 1 of a scope group. */
export function writeScope(writer: ProtoWriter, scope: Scope): void {
  const start = writer.begin(1);
  writer.string(1, scope.name);
  writer.string(2, scope.version);
  writeAttributes(writer, 3, scope.attributes);
  writer.end(start);
}
