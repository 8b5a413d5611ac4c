import { describe, expect, it } from "vitest";
import { AvxTracer } from "./avx-tracer.ts";
import type { RecordedSpan } from "./recorded-span.ts";
import { alwaysSampler } from "./sampler.ts";
import { spanLimits } from "./span-limits.ts";

function recorded(environment: Record<string, string>): RecordedSpan {
  const spans: RecordedSpan[] = [];
  const tracer = new AvxTracer({
    scope: { name: "t", version: "" },
    sampler: alwaysSampler,
    sink: (span) => spans.push(span),
    limits: spanLimits(environment),
  });
  const span = tracer.startSpan("work", { attributes: { text: "abcdef", list: ["abcdef", "x"] } });
  span.setAttributes({ n: 1_234_567, more: true });
  for (let i = 0; i < 3; i++) span.addEvent(`e${i}`, { a: "abcdef", b: 2 });
  const context = { traceId: "a".repeat(32), spanId: "b".repeat(16), traceFlags: 1 };
  for (let i = 0; i < 3; i++) span.addLink({ context, attributes: { a: "abcdef", b: 2 } });
  span.end();
  if (spans[0] === undefined) throw new Error("not recorded");
  return spans[0];
}

describe("OTEL_SPAN_*_LIMIT and OTEL_ATTRIBUTE_*_LIMIT", () => {
  it("are OpenTelemetry's defaults: 128 of each, texts of any length", () => {
    expect(spanLimits({})).toEqual({
      attributes: 128,
      events: 128,
      links: 128,
      eventAttributes: 128,
      linkAttributes: 128,
      valueLength: Number.POSITIVE_INFINITY,
    });
  });

  it("hold for attributes, events, links and theirs", () => {
    const span = recorded({
      OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "2",
      OTEL_SPAN_EVENT_COUNT_LIMIT: "1",
      OTEL_SPAN_LINK_COUNT_LIMIT: "2",
      OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: "1",
      OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: "0",
    });
    expect([...span.attributes.keys()]).toEqual(["text", "list"]);
    // The newest events and links stay, as in OpenTelemetry's SDK.
    expect(span.events).toMatchObject([{ name: "e2", attributes: { a: "abcdef" } }]);
    expect(span.events?.[0]?.droppedAttributes).toBe(1);
    expect(span.losses).toEqual({ attributes: 2, events: 2, links: 1 });
    expect(span.links?.map(({ attributes }) => attributes)).toEqual([{}, {}]);
  });

  it("cut texts, also in lists, and nothing else", () => {
    const span = recorded({ OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: "3" });
    expect(Object.fromEntries(span.attributes)).toEqual({
      text: "abc",
      list: ["abc", "x"],
      n: 1_234_567,
      more: true,
    });
    expect(span.events?.[0]?.attributes).toEqual({ a: "abc", b: 2 });
  });

  it("of spans win over the general ones", () => {
    const limits = spanLimits({
      OTEL_ATTRIBUTE_COUNT_LIMIT: "5",
      OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "7",
      OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: "9",
    });
    expect(limits).toMatchObject({ attributes: 7, valueLength: 9 });
  });
});
