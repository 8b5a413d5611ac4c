import type { Attributes, AttributeValue, Resource, Scope } from "@avx/model";
import { shrinkInteger } from "./integers.ts";
import {
  arrayOf,
  base64Of,
  boolOf,
  doubleOf,
  int64Of,
  type JsonObject,
  objectOf,
  textOf,
} from "./json-values.ts";
import { NO_ATTRIBUTES } from "./metric.ts";

/** A list of `KeyValue`; the last of equal keys wins. */
export function attributesFromJson(value: unknown): Attributes {
  const items = arrayOf(value, "attributes");
  if (items.length === 0) return NO_ATTRIBUTES;
  const attributes = new Map<string, AttributeValue>();
  for (const item of items) {
    const pair = objectOf(item, "attribute");
    attributes.set(textOf(pair["key"], "key"), anyValueFromJson(pair["value"]));
  }
  return attributes;
}

/** An `AnyValue`; one without a known field is null. */
export function anyValueFromJson(value: unknown): AttributeValue {
  const any = objectOf(value, "value");
  if (isSet(any, "stringValue")) return textOf(any["stringValue"], "stringValue");
  if (isSet(any, "boolValue")) return boolOf(any["boolValue"], "boolValue");
  if (isSet(any, "intValue")) return shrinkInteger(int64Of(any["intValue"], "intValue"));
  if (isSet(any, "doubleValue")) return doubleOf(any["doubleValue"], "doubleValue");
  if (isSet(any, "bytesValue")) return base64Of(any["bytesValue"], "bytesValue");
  if (isSet(any, "arrayValue")) {
    const array = objectOf(any["arrayValue"], "arrayValue");
    return arrayOf(array["values"], "values").map(anyValueFromJson);
  }
  if (isSet(any, "kvlistValue")) {
    return attributesFromJson(objectOf(any["kvlistValue"], "kvlistValue")["values"]);
  }
  return null;
}

function isSet(object: JsonObject, field: string): boolean {
  return object[field] !== undefined && object[field] !== null;
}

/** A `Resource`; absent is one without attributes. */
export function resourceFromJson(value: unknown): Resource {
  return { attributes: attributesFromJson(objectOf(value, "resource")["attributes"]) };
}

/** An `InstrumentationScope`; absent is an unnamed one. */
export function scopeFromJson(value: unknown): Scope {
  const scope = objectOf(value, "scope");
  return {
    name: textOf(scope["name"], "name"),
    version: textOf(scope["version"], "version"),
    attributes: attributesFromJson(scope["attributes"]),
  };
}

/** What JSON.stringify takes; absent fields are left out. */
export type JsonOut =
  | string
  | number
  | boolean
  | undefined
  | readonly JsonOut[]
  | { readonly [field: string]: JsonOut };

/** Attributes as a list of `KeyValue`. */
export function attributesToJson(attributes: Attributes): JsonOut {
  return Array.from(attributes, ([key, value]) => ({ key, value: anyValueToJson(value) }));
}

/** An `AnyValue`; whole numbers travel as intValue (a decimal string), others as doubleValue. */
export function anyValueToJson(value: AttributeValue): JsonOut {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "bigint") return { intValue: String(value) };
  if (typeof value === "number") {
    const isInteger = Number.isSafeInteger(value) && !Object.is(value, -0);
    return isInteger ? { intValue: String(value) } : { doubleValue: doubleToJson(value) };
  }
  if (value instanceof Uint8Array) return { bytesValue: base64(value) };
  if (value instanceof Map) return { kvlistValue: { values: attributesToJson(value) } };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValueToJson) } };
  return {};
}

/** A `Resource` for JSON.stringify. */
export function resourceToJson(resource: Resource): JsonOut {
  return { attributes: attributesToJson(resource.attributes) };
}

/** An `InstrumentationScope` for JSON.stringify. */
export function scopeToJson(scope: Scope): JsonOut {
  return {
    name: scope.name,
    version: scope.version,
    attributes: attributesToJson(scope.attributes),
  };
}

/** proto3 JSON: the three values that JSON has no number for are strings. */
export function doubleToJson(value: number): JsonOut {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
