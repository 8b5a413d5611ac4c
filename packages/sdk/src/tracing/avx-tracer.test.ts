import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { AvxTracer } from "./avx-tracer.ts";
import type { RecordedSpan } from "./recorded-span.ts";
import { alwaysSampler, neverSampler, ratioSampler } from "./sampler.ts";
import { exportedSpans } from "./span-export.ts";
import { SPAN_LIMITS } from "./span-limits.ts";
import { activeContext, activeSpanContext, runOutside } from "./trace-scope.ts";
import { parseTraceparent } from "./traceparent.ts";
import { parseTracestate } from "./tracestate.ts";

function recorder(isSampled = true) {
  const spans: RecordedSpan[] = [];
  const sampler = isSampled ? alwaysSampler : neverSampler;
  const tracer = new AvxTracer({
    scope: { name: "test", version: "" },
    limits: SPAN_LIMITS,
    sampler,
    sink: (span) => spans.push(span),
  });
  return { tracer, spans };
}

describe("AvxTracer", () => {
  it("makes children of the active span, across awaits", async () => {
    const { tracer, spans } = recorder();
    await tracer.startActiveSpan("parent", async (parent) => {
      await Promise.resolve();
      tracer.startActiveSpan("child", { kind: SpanKind.CLIENT }, (child) => child.end());
      parent.end();
    });
    const [child, parent] = spans;
    expect(child?.parentSpanId).toBe(parent?.spanContext().spanId);
    expect(child?.spanContext().traceId).toBe(parent?.spanContext().traceId);
    expect(parent?.parentSpanId).toBe("");
    expect(activeSpanContext()).toBeUndefined();
  });

  it("is read by @opentelemetry/api through its own context key", () => {
    const { tracer } = recorder();
    tracer.startActiveSpan("one", (span) => {
      expect(trace.getSpan(activeContext())).toBe(span);
      const other = trace.setSpan(activeContext(), tracer.startSpan("two"));
      expect(trace.getSpan(other)).not.toBe(span);
      runOutside(() => expect(activeSpanContext()).toBeUndefined());
    });
  });

  it("takes over the trace, the flags and the state of a remote parent", () => {
    const { tracer, spans } = recorder();
    const remote = parseTraceparent(`00-${"a".repeat(32)}-${"b".repeat(16)}-03`);
    tracer.startChild("request", { kind: SpanKind.SERVER }, remote).end();
    expect(spans[0]?.spanContext()).toMatchObject({ traceId: "a".repeat(32), traceFlags: 3 });
    expect(spans[0]?.parentSpanId).toBe("b".repeat(16));
  });

  it("says in tracestate under which threshold it sampled, keeping what others wrote", () => {
    const spans: RecordedSpan[] = [];
    const sink = (span: RecordedSpan) => spans.push(span);
    const tracer = new AvxTracer({
      scope: { name: "test", version: "" },
      limits: SPAN_LIMITS,
      sampler: ratioSampler(0.5),
      sink,
    });
    const remote = { traceId: "f".repeat(32), spanId: "b".repeat(16), traceFlags: 0 };
    const traceState = parseTracestate("ot=th:c;x:1,other=2")!;
    tracer.startChild("a", {}, remote).end();
    tracer.startChild("b", {}, { ...remote, traceState }).end();
    expect(spans.map((span) => span.spanContext().traceState?.serialize())).toEqual([
      "ot=th:8",
      "ot=th:8;x:1,other=2",
    ]);
    const low = { ...remote, traceId: `${"0".repeat(31)}1`, traceState };
    const dropped = tracer.startChild("c", {}, low);
    expect(dropped.spanContext().traceState?.serialize()).toBe("ot=x:1,other=2");
  });

  it("records nothing of an unsampled span but passes its ids on", () => {
    const { tracer, spans } = recorder(false);
    const span = tracer.startSpan("quiet");
    span.setAttribute("a", 1).end();
    expect(span.isRecording()).toBe(false);
    expect(span.spanContext()).toMatchObject({ traceFlags: 0 });
    expect(span.spanContext().traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(spans).toEqual([]);
  });
});

describe("RecordedSpan", () => {
  it("is exported with everything that was set, and nothing that was set after its end", () => {
    const { tracer, spans } = recorder();
    const span = tracer.startSpan("work", { attributes: { list: [1, 2], none: undefined } });
    span.addEvent("halfway", { share: 0.5 });
    span.recordException(new RangeError("too far"));
    span.setStatus({ code: SpanStatusCode.ERROR, message: "no" });
    span.end();
    span.setAttribute("late", true).updateName("late");
    span.end();
    expect(spans).toHaveLength(1);
    const [exported] = exportedSpans(spans, { attributes: new Map() });
    expect(exported).toMatchObject({
      name: "work",
      kind: "internal",
      status: "error",
      statusMessage: "no",
      parentSpanId: "",
    });
    expect([...(exported?.attributes ?? [])]).toEqual([["list", [1, 2]]]);
    expect(exported?.events.map((event) => event.name)).toEqual(["halfway", "exception"]);
    expect(exported?.events[1]?.attributes.get("exception.type")).toBe("RangeError");
    const start = Number(exported?.startUnixNano ?? 0n) / 1e6;
    expect(Math.abs(start - Date.now())).toBeLessThan(60_000);
    expect(exported?.endUnixNano).toBeGreaterThanOrEqual(exported?.startUnixNano ?? 0n);
  });

  it("keeps ok as the final status and never ends before its start", () => {
    const { tracer, spans } = recorder();
    const span = tracer.startSpan("work", { startTime: new Date() });
    span.setStatus({ code: SpanStatusCode.OK }).setStatus({ code: SpanStatusCode.ERROR });
    span.end(new Date(0));
    expect(spans[0]?.status.code).toBe(SpanStatusCode.OK);
    expect(spans[0]?.endMs).toBe(spans[0]?.startMs);
  });

  it("holds at most 128 attributes and 128 events", () => {
    const { tracer, spans } = recorder();
    const span = tracer.startSpan("wide");
    for (let i = 0; i < 200; i++) span.setAttribute(`a${i}`, i).addEvent(`e${i}`);
    span.setAttribute("a0", "changed");
    span.end();
    expect(spans[0]?.attributes.size).toBe(128);
    expect(spans[0]?.attributes.get("a0")).toBe("changed");
    expect(spans[0]?.events).toHaveLength(128);
  });
});
