import { describe, expect, it } from "vitest";
import { AvxTracer } from "../tracing/avx-tracer.ts";
import { alwaysSampler } from "../tracing/sampler.ts";
import { SPAN_LIMITS } from "../tracing/span-limits.ts";
import { traceFields } from "./trace-fields.ts";

const tracer = new AvxTracer({
  scope: { name: "t", version: "" },
  limits: SPAN_LIMITS,
  sampler: alwaysSampler,
  sink: () => {},
});

describe("traceFields", () => {
  it("are empty outside of a span", () => {
    expect(traceFields()).toEqual({});
  });

  it("name the active span in what pino's mixin adds to a line", () => {
    const mixin = () => traceFields();
    tracer.startActiveSpan("work", (span) => {
      const { traceId, spanId } = span.spanContext();
      const line = { msg: "hello", ...mixin() };
      expect(line).toEqual({
        msg: "hello",
        trace_id: traceId,
        span_id: spanId,
        trace_flags: "01",
      });
    });
  });

  it("can be added to winston's info object", () => {
    const transform = (info: Record<string, unknown>) => Object.assign(info, traceFields());
    tracer.startActiveSpan("work", (span) => {
      expect(transform({ level: "info" })).toMatchObject({ trace_id: span.spanContext().traceId });
    });
  });
});
