import type { Attributes, AttributeValue } from "@opentelemetry/api";
import type { Environment } from "../environment.ts";
import { wholeNumber } from "../environment-values.ts";

/** Bounds of one span, so that it cannot hold unbounded memory. */
export interface SpanLimits {
  readonly attributes: number;
  readonly events: number;
  readonly links: number;
  readonly eventAttributes: number;
  readonly linkAttributes: number;
  /** Characters of a text; longer ones are cut. */
  readonly valueLength: number;
}

/** OpenTelemetry's defaults. */
export const SPAN_LIMITS: SpanLimits = {
  attributes: 128,
  events: 128,
  links: 128,
  eventAttributes: 128,
  linkAttributes: 128,
  valueLength: Number.POSITIVE_INFINITY,
};

/** Reads `OTEL_SPAN_*_LIMIT` and the general `OTEL_ATTRIBUTE_*_LIMIT`. */
export function spanLimits(environment: Environment): SpanLimits {
  const limit = (fallback: number, ...names: string[]) => wholeNumber(environment, names, fallback);
  return {
    attributes: limit(
      SPAN_LIMITS.attributes,
      "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
      "OTEL_ATTRIBUTE_COUNT_LIMIT",
    ),
    events: limit(SPAN_LIMITS.events, "OTEL_SPAN_EVENT_COUNT_LIMIT"),
    links: limit(SPAN_LIMITS.links, "OTEL_SPAN_LINK_COUNT_LIMIT"),
    eventAttributes: limit(SPAN_LIMITS.eventAttributes, "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT"),
    linkAttributes: limit(SPAN_LIMITS.linkAttributes, "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT"),
    valueLength: limit(
      SPAN_LIMITS.valueLength,
      "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
      "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    ),
  };
}

/** A text, or each text of a list, cut to this many characters; anything else as it is. */
export function cutValue(value: AttributeValue, length: number): AttributeValue {
  if (typeof value === "string") return value.length > length ? value.slice(0, length) : value;
  if (!Array.isArray(value)) return value;
  // Proof of the `as`: cutting changes no type of a list's items.
  return value.map((item) =>
    typeof item === "string" ? item.slice(0, length) : item,
  ) as AttributeValue;
}

/** Attributes within their limit, and how many the limit has cost. */
export interface LimitedAttributes {
  readonly attributes: Attributes;
  readonly droppedAttributes: number;
}

/** The first `count` attributes, their texts cut; the same object when nothing has to change. */
export function limitedAttributes(
  attributes: Attributes,
  count: number,
  valueLength: number,
): LimitedAttributes {
  const names = Object.keys(attributes);
  if (names.length <= count && valueLength === Number.POSITIVE_INFINITY) {
    return { attributes, droppedAttributes: 0 };
  }
  const limited: Attributes = {};
  for (const name of names.slice(0, count)) {
    const value = attributes[name];
    if (value !== undefined) limited[name] = cutValue(value, valueLength);
  }
  return { attributes: limited, droppedAttributes: Math.max(0, names.length - count) };
}
