import { AvxError } from "@avx/model";

export { parseBoundedJson } from "./json-text.ts";

/** A JSON object whose fields are read by name; unknown ones are ignored, as OTLP demands. */
export type JsonObject = Readonly<Record<string, unknown>>;

const NO_FIELDS: JsonObject = Object.freeze(Object.create(null));
const MAX_UINT64 = 18446744073709551615n;
const MAX_INT64 = 9223372036854775807n;
const MIN_INT64 = -9223372036854775808n;
/** As many characters of a wrong hex id as show that it is too long (two more than a trace id). */
const MAX_HEX_CHARS = 34;
const WHOLE_NUMBER = /^-?[0-9]{1,20}$/;
const DECIMAL_NUMBER = /^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;
const HEX = /^[0-9a-fA-F]*$/;

// The readers below take what JSON.parse gave; absent and null mean the default of the field.

/** An object; absent is one without fields. */
export function objectOf(value: unknown, field: string): JsonObject {
  if (value === undefined || value === null) return NO_FIELDS;
  if (typeof value !== "object" || Array.isArray(value)) throw wrongType(field, "an object");
  // Proof of the `as`: a non-null, non-array object of JSON.parse has string keys only.
  return value as JsonObject;
}

/** An array; absent is empty. */
export function arrayOf(value: unknown, field: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrongType(field, "an array");
  return value;
}

/** A string; absent is "". Lone surrogates, which have no UTF-8 form, become U+FFFD. */
export function textOf(value: unknown, field: string): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") throw wrongType(field, "a string");
  return value.toWellFormed();
}

/** A boolean; absent is false. */
export function boolOf(value: unknown, field: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== "boolean") throw wrongType(field, "a boolean");
  return value;
}

/** An int64 as decimal string or number; absent is 0n. */
export function int64Of(value: unknown, field: string): bigint {
  const integer = wholeNumber(value, field);
  if (integer > MAX_INT64 || integer < MIN_INT64) throw wrongType(field, "a 64-bit integer");
  return integer;
}

/** A uint64 or fixed64 as decimal string or number; absent is 0n. */
export function uint64Of(value: unknown, field: string): bigint {
  const integer = wholeNumber(value, field);
  if (integer < 0n || integer > MAX_UINT64) throw wrongType(field, "an unsigned 64-bit integer");
  return integer;
}

function wholeNumber(value: unknown, field: string): bigint {
  if (value === undefined || value === null) return 0n;
  if (typeof value === "number" && Number.isInteger(value)) return BigInt(value);
  if (typeof value === "string" && WHOLE_NUMBER.test(value)) return BigInt(value);
  throw wrongType(field, "an integer");
}

/** A 32-bit integer; absent is 0. */
export function int32Of(value: unknown, field: string): number {
  const integer = Number(wholeNumber(value, field));
  if (integer !== (integer | 0) && integer !== integer >>> 0) {
    throw wrongType(field, "a 32-bit integer");
  }
  return integer;
}

/** A double: a finite number, a numeric string, "NaN", "Infinity" or "-Infinity"; absent is 0. */
export function doubleOf(value: unknown, field: string): number {
  if (value === undefined || value === null) return 0;
  if (value === "NaN") return Number.NaN;
  if (value === "Infinity") return Number.POSITIVE_INFINITY;
  if (value === "-Infinity") return Number.NEGATIVE_INFINITY;
  const isNumber =
    typeof value === "number" || (typeof value === "string" && DECIMAL_NUMBER.test(value));
  const double = isNumber ? Number(value) : Number.NaN;
  if (!Number.isFinite(double)) throw wrongType(field, "a finite number");
  return double;
}

/** A double that may be absent. */
export function optionalDoubleOf(value: unknown, field: string): number | undefined {
  return value === undefined || value === null ? undefined : doubleOf(value, field);
}

/** An enum value. OTLP/JSON writes enums as integers; an unknown integer is the first name. */
export function enumOf<Name>(
  value: unknown,
  names: readonly [Name, ...Name[]],
  field: string,
): Name {
  if (typeof value === "string") throw wrongType(field, "an integer (enum names are not allowed)");
  return names[int32Of(value, field)] ?? names[0];
}

/** An id in hex of either case, as lower case; "" when absent or all zero ("not set"). */
export function hexOf(value: unknown, field: string): string {
  const text = textOf(value, field).slice(0, MAX_HEX_CHARS);
  if (!HEX.test(text)) throw wrongType(field, "hex");
  return /^0*$/.test(text) ? "" : text.toLowerCase();
}

/** Bytes in base64, standard or URL alphabet, with or without padding. */
export function base64Of(value: unknown, field: string): Uint8Array {
  const text = textOf(value, field).replaceAll("-", "+").replaceAll("_", "/");
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch (cause) {
    throw wrongType(field, "base64", { cause });
  }
}

function wrongType(field: string, expected: string, options?: ErrorOptions): AvxError {
  return new AvxError(
    "malformed_payload",
    { format: "OTLP JSON", reason: `${field} is not ${expected}`, field },
    options,
  );
}
