import { type Link, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import {
  JsonLogsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import { describe, expect, it } from "vitest";
import { type Api, compared, type Limits, ours, theirs } from "./both-sdks.ts";
import { readOtlp } from "./otlp-proto.ts";

const LIMITS: Limits = {
  spanAttributes: 2,
  events: 2,
  links: 1,
  eventAttributes: 1,
  linkAttributes: 1,
  logAttributes: 2,
  valueLength: 4,
};

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

/** More of everything than the limits let through, under a remote parent and under a local one. */
function tooMuch({ tracer, logger }: Api): void {
  const remote = { traceId: TRACE, spanId: "00f067aa0ba902b7", traceFlags: 1, isRemote: true };
  const parent = trace.setSpanContext(ROOT_CONTEXT, remote);
  const span = tracer.startSpan("under a remote parent", {}, parent);
  span.setAttributes({ a: "abcdefgh", b: ["abcdefgh", "x"], c: 3, d: 4 });
  span.setAttribute("a", "changed after all");
  for (const name of ["first", "second", "third", "fourth"]) {
    span.addEvent(name, { one: "abcdefgh", two: 2, three: 3 });
  }
  const attributes = { one: "abcdefgh", two: 2 };
  const link: Link = { context: { ...remote, spanId: "1111111111111111" }, attributes };
  span.addLink({ ...link, context: { ...link.context, isRemote: false } });
  span.addLink(link);
  const inside = trace.setSpan(ROOT_CONTEXT, span);
  const child = tracer.startSpan("under a local parent", {}, inside);
  child.addLink({ context: { ...link.context, isRemote: false, traceFlags: 0 } });
  logger.emit({
    body: "a text longer than any limit, for a body is no attribute",
    attributes: { a: "abcdefgh", b: { deep: ["abcdefgh"] }, c: 3 },
    context: inside,
  });
  logger.emit({ body: "failed", exception: new RangeError("gone"), context: ROOT_CONTEXT });
  child.end();
  span.end();
}

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
const SPANS = { resources: "resourceSpans", scopes: "scopeSpans" };
const LOGS = { resources: "resourceLogs", scopes: "scopeLogs" };

describe("flags and what limits have cost, beside the official SDK's", () => {
  it("are the same of spans, events and links, in JSON", async () => {
    const { spans } = await theirs(tooMuch, LIMITS);
    const official = compared(JSON.parse(text(JsonTraceSerializer.serializeRequest(spans))), SPANS);
    const own = JSON.parse((await ours(tooMuch, "http/json", LIMITS)).traces.toString());
    expect(compared(own, SPANS)).toEqual(official);
    expect(JSON.stringify(official)).toContain('"droppedLinksCount":1');
    expect(JSON.stringify(official)).toContain('"flags":769');
  });

  it("are the same of spans, events and links, in protobuf", async () => {
    const { spans } = await theirs(tooMuch, LIMITS);
    const bytes = ProtobufTraceSerializer.serializeRequest(spans) ?? new Uint8Array();
    const { traces } = await ours(tooMuch, "http/protobuf", LIMITS);
    const official = compared(readOtlp("Traces", bytes), SPANS);
    expect(compared(readOtlp("Traces", traces), SPANS)).toEqual(official);
    expect(JSON.stringify(official)).toContain('"droppedEventsCount":2');
  });

  it("are the same of log records, in JSON and in protobuf", async () => {
    const { records } = await theirs(tooMuch, LIMITS);
    const json = compared(JSON.parse(text(JsonLogsSerializer.serializeRequest(records))), LOGS);
    const own = JSON.parse((await ours(tooMuch, "http/json", LIMITS)).logs.toString());
    expect(compared(own, LOGS)).toEqual(json);
    expect(JSON.stringify(json)).toContain('"droppedAttributesCount":1');

    const bytes = ProtobufLogsSerializer.serializeRequest(records) ?? new Uint8Array();
    const { logs } = await ours(tooMuch, "http/protobuf", LIMITS);
    expect(compared(readOtlp("Logs", logs), LOGS)).toEqual(compared(readOtlp("Logs", bytes), LOGS));
  });
});
