import { propagation as api, ROOT_CONTEXT, type SpanContext, trace } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { Propagation, propagationFormats } from "./propagation.ts";

const TRACE = "80f198ee56343ba864fe8b2a57d3eff7";
const SPAN = "e457b5a2e4d86bd1";
const of = (names?: string) => new Propagation(propagationFormats({ OTEL_PROPAGATORS: names }));
const read = (names: string | undefined, headers: Record<string, string>) =>
  of(names).readSpan((name) => headers[name]);
const remote = (traceFlags: number, traceId = TRACE): SpanContext => ({
  traceId,
  spanId: SPAN,
  traceFlags,
  isRemote: true,
});

function written(names: string | undefined, context = ROOT_CONTEXT): Record<string, string> {
  const headers: Record<string, string> = {};
  const span = { traceId: TRACE, spanId: SPAN, traceFlags: 1 };
  of(names).write(trace.setSpanContext(context, span), (name, value) => {
    headers[name] = value;
  });
  return headers;
}

describe("B3", () => {
  // The examples of https://github.com/openzipkin/b3-propagation
  it.each([
    [{ b3: `${TRACE}-${SPAN}-1-05e3ac9a4f6e3b90` }, remote(1)],
    [{ b3: `${TRACE}-${SPAN}-d` }, remote(1)],
    [{ b3: `${TRACE}-${SPAN}` }, remote(0)],
    [{ b3: `64fe8b2a57d3eff7-${SPAN}-0` }, remote(0, "000000000000000064fe8b2a57d3eff7")],
    [{ "x-b3-traceid": TRACE, "x-b3-spanid": SPAN, "x-b3-sampled": "1" }, remote(1)],
    [{ "x-b3-traceid": TRACE, "x-b3-spanid": SPAN, "x-b3-flags": "1" }, remote(1)],
    [{ "x-b3-traceid": TRACE, "x-b3-spanid": SPAN, "x-b3-sampled": "0" }, remote(0)],
  ])("reads %j, whichever of its forms is configured", (headers, span) => {
    expect(read("b3", headers)).toEqual(span);
    expect(read("b3multi", headers)).toEqual(span);
    expect(read(undefined, headers)).toEqual(span);
  });

  it.each(["0", "", `${TRACE}`, `${"0".repeat(32)}-${SPAN}-1`, `abc-${SPAN}-1`, `${TRACE}-xyz-1`])(
    "starts anew at %j",
    (b3) => expect(read("b3", { b3 })).toBeUndefined(),
  );

  it("is written in the form that is configured", () => {
    expect(written("b3")).toEqual({ b3: `${TRACE}-${SPAN}-1` });
    expect(written("b3multi")).toEqual({
      "x-b3-traceid": TRACE,
      "x-b3-spanid": SPAN,
      "x-b3-sampled": "1",
    });
  });
});

describe("Jaeger", () => {
  it.each([
    [`${TRACE}:${SPAN}:0:1`, remote(1)],
    [`${TRACE}:${SPAN}:0:3`, remote(1)],
    [`${TRACE}:${SPAN}:0:2`, remote(0)],
    [`${TRACE}%3A${SPAN}%3A0%3A1`, remote(1)],
    [`64fe8b2a57d3eff7:${SPAN}:0:0`, remote(0, "000000000000000064fe8b2a57d3eff7")],
  ])("reads %s", (header, span) => {
    expect(read("jaeger", { "uber-trace-id": header })).toEqual(span);
    expect(read(undefined, { "uber-trace-id": header })).toEqual(span);
  });

  it.each([`${TRACE}:${SPAN}:0`, `0:${SPAN}:0:1`, `${TRACE}:0:0:1`, `${TRACE}:${SPAN}:0:x`])(
    "starts anew at %s",
    (header) => expect(read("jaeger", { "uber-trace-id": header })).toBeUndefined(),
  );

  it("is written when it is asked for", () => {
    expect(written("jaeger")).toEqual({ "uber-trace-id": `${TRACE}:${SPAN}:0:1` });
  });
});

describe("OTEL_PROPAGATORS", () => {
  it("unset, writes W3C and prefers it to what else is there", () => {
    expect(written(undefined)).toEqual({ traceparent: `00-${TRACE}-${SPAN}-01` });
    const headers = { traceparent: `00-${TRACE}-${SPAN}-01`, b3: `${"1".repeat(32)}-${SPAN}-1` };
    expect(read(undefined, headers)?.traceId).toBe(TRACE);
  });

  it("set, reads and writes exactly what it names", () => {
    expect(Object.keys(written("tracecontext, b3"))).toEqual(["traceparent", "b3"]);
    expect(read("tracecontext", { b3: `${TRACE}-${SPAN}-1` })).toBeUndefined();
    expect(of("b3multi,baggage").fields).toEqual([
      "x-b3-traceid",
      "x-b3-spanid",
      "x-b3-sampled",
      "baggage",
    ]);
    expect(written("none")).toEqual({});
  });

  it("refuses a name that it does not know", () => {
    expect(() => of("xray")).toThrow(/OTEL_PROPAGATORS/);
  });
});

describe("baggage", () => {
  const extracted = (header: string) => {
    const context = of().withBaggage(ROOT_CONTEXT, (name) =>
      name === "baggage" ? header : undefined,
    );
    return { context, entries: api.getBaggage(context)?.getAllEntries() ?? [] };
  };

  // The example of https://www.w3.org/TR/baggage/
  it("is read and written with values decoded and properties kept", () => {
    const header = "key1=value1;property1;property2,key2=va%20lue2, key3=value3; propertyKey=v";
    const { context, entries } = extracted(header);
    expect(entries.map(([key, { value }]) => [key, value])).toEqual([
      ["key1", "value1"],
      ["key2", "va lue2"],
      ["key3", "value3"],
    ]);
    expect(written(undefined, context)["baggage"]).toBe(
      "key1=value1;property1;property2,key2=va%20lue2,key3=value3;propertyKey=v",
    );
  });

  it("leaves out entries that are invalid, and those over the limits", () => {
    expect(extracted('a=1,b,=2,c d=3,e="4",f=%zz,g=').entries.map(([key]) => key)).toEqual([
      "a",
      "g",
    ]);
    const many = Array.from({ length: 70 }, (_, i) => `k${i}=1`).join(",");
    expect(extracted(many).entries).toHaveLength(64);
    expect(extracted(`a=${"x".repeat(8192)}`).entries).toEqual([]);
  });

  it("is no member of an object that a key could poison", () => {
    expect(extracted("__proto__=1,ok=2").entries.map(([key]) => key)).toContain("ok");
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it("stays out when OTEL_PROPAGATORS does not name it", () => {
    const { context } = extracted("a=1");
    expect(written("tracecontext", context)["baggage"]).toBeUndefined();
  });
});

describe("a request that has headers already", () => {
  it("keeps them", () => {
    const headers: Record<string, string> = { traceparent: "own" };
    of("tracecontext,b3").writeMissing(
      {
        span: { traceId: TRACE, spanId: SPAN, traceFlags: 0 },
        context: ROOT_CONTEXT,
        has: (name) => name in headers,
      },
      (name, value) => {
        headers[name] = value;
      },
    );
    expect(headers).toEqual({ traceparent: "own", b3: `${TRACE}-${SPAN}-0` });
  });
});
