import { SpanStatusCode } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { AvxTracer } from "./avx-tracer.ts";
import { bufferingSampler } from "./sampler.ts";
import { SPAN_LIMITS } from "./span-limits.ts";
import { TailBuffer } from "./tail-buffer.ts";
import { activeContext, withSpan } from "./trace-scope.ts";

function tracing() {
  const kept: string[] = [];
  let dropped = 0;
  const buffer = new TailBuffer({
    slowMs: 100,
    sink: (span) => kept.push(span.name),
    dropped: (spans) => {
      dropped += spans;
    },
  });
  const tracer = new AvxTracer({
    scope: { name: "test", version: "" },
    limits: SPAN_LIMITS,
    sampler: bufferingSampler(0),
    sink: (span) => buffer.push(span),
  });
  /** A request of this duration with one child, which may fail. */
  const request = (name: string, durationMs: number, isChildFailing = false) => {
    const root = tracer.startSpan(name, { startTime: 1000 });
    const child = tracer.startSpan(`${name} child`, {}, withSpan(activeContext(), root));
    if (isChildFailing) child.setStatus({ code: SpanStatusCode.ERROR });
    child.end();
    root.end(1000 + durationMs);
    return root;
  };
  return { tracer, kept, request, dropped: () => dropped };
}

describe("TailBuffer", () => {
  it("keeps slow and failed traces whole and forgets the others", () => {
    const { kept, request } = tracing();
    request("quick", 99);
    request("slow", 100);
    request("failed", 1, true);
    expect(kept).toEqual(["slow child", "slow", "failed child", "failed"]);
  });

  it("lets spans pass that the caller has sampled", () => {
    const { tracer, kept } = tracing();
    const caller = { traceId: "a".repeat(32), spanId: "b".repeat(16), traceFlags: 1 };
    tracer.startChild("sampled", {}, { ...caller, isRemote: true }).end();
    expect(kept).toEqual(["sampled"]);
  });

  it("treats a span that ends after its root as it treated the root", () => {
    const { tracer, kept, request } = tracing();
    const late = (name: string, durationMs: number) => {
      const root = request(name, durationMs);
      tracer.startSpan(`${name} late`, {}, withSpan(activeContext(), root)).end();
    };
    late("quick", 1);
    late("slow", 500);
    expect(kept).toEqual(["slow child", "slow", "slow late"]);
  });

  it("gives the oldest traces up when their roots never end", () => {
    const { tracer, kept, dropped, request } = tracing();
    for (let i = 0; i < 10_005; i++) {
      const root = tracer.startSpan("never");
      tracer.startSpan("waiting", {}, withSpan(activeContext(), root)).end();
    }
    expect(dropped()).toBe(5);
    request("slow", 500);
    expect(kept).toEqual(["slow child", "slow"]);
  });
});
