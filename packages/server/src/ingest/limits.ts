import type { Attributes, AttributeValue } from "@avx/model";

/** Items (data points, spans, log records, samples) in one request; collectors send 8,192. */
export const MAX_ITEMS_PER_REQUEST = 100_000;
/** Buckets of one histogram point, each of which becomes a series; SDKs send up to 160. */
export const MAX_BUCKETS_PER_POINT = 1024;
/** Longest metric name, as sent; the same as of a label name. */
export const MAX_METRIC_NAME_BYTES = 256;

/** Longest unit, as in the OpenTelemetry API; it becomes part of the metric name. */
export const MAX_UNIT_BYTES = 63;
/** Exemplars of a point, events of a span, links of a span; SDKs send up to 128. */
export const MAX_PARTS_PER_ITEM = 1024;

/** What the attributes of one item may be. */
export interface AttributeLimits {
  readonly maxCount: number;
  readonly maxNameBytes: number;
  readonly maxValueBytes: number;
}

/** Attributes of data points become labels, which live in the index of every series. */
export const LABEL_LIMITS: AttributeLimits = {
  maxCount: 64,
  maxNameBytes: 256,
  maxValueBytes: 4 * 1024,
};

/**
 * Attributes of spans, log records and resources: OpenTelemetry SDKs keep up to 128, and stack
 * traces and command lines are long.
 */
export const RECORD_LIMITS: AttributeLimits = {
  maxCount: 128,
  maxNameBytes: 256,
  maxValueBytes: 64 * 1024,
};

/** Which limit of `AttributeLimits` is broken. */
export type AttributeFault =
  | "too_many_attributes"
  | "attribute_name_too_long"
  | "attribute_value_too_long";

/** The first limit that the attributes break, or undefined. */
export function attributeFault(
  attributes: Attributes,
  limits: AttributeLimits,
): AttributeFault | undefined {
  if (attributes.size > limits.maxCount) return "too_many_attributes";
  for (const [name, value] of attributes) {
    if (isLongerThan(name, limits.maxNameBytes)) return "attribute_name_too_long";
    if (isValueTooLong(value, limits.maxValueBytes)) return "attribute_value_too_long";
  }
  return undefined;
}

/** "text_too_long" when one of the texts of a span or log record breaks the limit of a value. */
export function textFault(texts: readonly string[]): "text_too_long" | undefined {
  const isLong = texts.some((text) => isLongerThan(text, RECORD_LIMITS.maxValueBytes));
  return isLong ? "text_too_long" : undefined;
}

/** Whether a text has more than `maxBytes` bytes in UTF-8. */
export function isLongerThan(text: string, maxBytes: number): boolean {
  if (text.length * 3 <= maxBytes) return false;
  return text.length > maxBytes || Buffer.byteLength(text) > maxBytes;
}

/** Whether a value has more than `maxBytes` bytes; lists and maps count all their parts. */
export function isValueTooLong(value: AttributeValue, maxBytes: number): boolean {
  return typeof value === "string" ? isLongerThan(value, maxBytes) : valueBytes(value) > maxBytes;
}

function valueBytes(value: AttributeValue): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (value instanceof Uint8Array) return value.byteLength;
  let bytes = 8;
  if (value instanceof Map) {
    for (const [key, item] of value) bytes += Buffer.byteLength(key) + valueBytes(item);
  } else if (Array.isArray(value)) {
    for (const item of value) bytes += valueBytes(item);
  }
  return bytes;
}
