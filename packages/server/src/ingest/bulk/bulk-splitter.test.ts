import type { Span } from "@avx/model";
import {
  decodeOtlpMetricsProtobuf,
  encodeOtlpMetricsProtobuf,
  encodeOtlpTracesJson,
  encodeOtlpTracesProtobuf,
  type OtlpMetric,
} from "@avx/wire";
import { afterEach, describe, expect, it } from "vitest";
import { fakePorts, json, NOW_NANO, request } from "../fixtures/fake-ports.ts";
import { handleOtlpLogs } from "../otlp-logs.ts";
import { handleOtlpTraces } from "../otlp-traces.ts";
import { BULK_BYTES, BulkSplitter } from "./bulk-splitter.ts";
import { piecesOf } from "./pieces.ts";

const RESOURCE = { attributes: new Map([["service.name", "shop"]]) };
const SCOPE = { name: "", version: "", attributes: new Map() };

function spanOf(i: number): Span {
  return {
    ...{
      traceId: "a".repeat(32),
      spanId: (i + 1).toString(16).padStart(16, "0"),
      parentSpanId: "",
    },
    ...{ traceState: "", name: `GET /${i}`, kind: "server", status: "unset", statusMessage: "" },
    ...{ startUnixNano: NOW_NANO, endUnixNano: NOW_NANO + 1n, events: [], links: [] },
    attributes: new Map([["note", "x".repeat(300)]]),
    ...{ resource: RESOURCE, scope: SCOPE },
  };
}

const spans = Array.from({ length: 3500 }, (_, i) => spanOf(i));
const splitters: BulkSplitter[] = [];

function newSplitter(): BulkSplitter {
  const splitter = new BulkSplitter();
  splitters.push(splitter);
  return splitter;
}

afterEach(async () => {
  await Promise.all(splitters.splice(0).map((splitter) => splitter.close()));
});

describe("a large body", () => {
  it.each([
    ["protobuf", request(encodeOtlpTracesProtobuf(spans))],
    ["JSON", request(encodeOtlpTracesJson(spans), { contentType: "application/json" })],
  ])("of %s is taken piece by piece, every span once and in order", async (_, sent) => {
    expect(sent.body.byteLength).toBeGreaterThan(BULK_BYTES);
    const sizes: number[] = [];
    const ports = fakePorts({ bulk: newSplitter() });
    const append = ports.store.traces.append.bind(ports.store.traces);
    Object.assign(ports.store.traces, {
      append: (more: readonly Span[]) => {
        sizes.push(more.length);
        return append(more);
      },
    });
    expect((await handleOtlpTraces(sent, ports)).status).toBe(200);
    expect(sizes).toEqual([1000, 1000, 1000, 500]);
    expect(ports.spans).toEqual(spans);
    expect(ports.counted).toEqual(["accepted traces 3500"]);
  });

  it("names what was refused of all its pieces", async () => {
    const ports = fakePorts({ bulk: newSplitter() });
    const mixed = spans.map((span, i) => (i % 1000 === 0 ? { ...span, spanId: "ab" } : span));
    const reply = await handleOtlpTraces(request(encodeOtlpTracesProtobuf(mixed)), ports);
    expect(reply.status).toBe(200);
    expect(ports.counted).toContain("rejected traces invalid_id 4");
    expect(ports.counted).toContain("accepted traces 3496");
  });

  it("that is damaged gets the error of the decoder, and the next one is taken", async () => {
    const ports = fakePorts({ bulk: newSplitter() });
    const body = encodeOtlpTracesProtobuf(spans);
    const reply = await handleOtlpTraces(request(body.subarray(0, body.length - 3)), ports);
    expect(reply.status).toBe(400);
    expect(ports.counted).toEqual(["refused traces malformed_payload"]);
    const text = `"${"[".repeat(BULK_BYTES)}`;
    const deep = request(Buffer.from(text), { contentType: "application/json" });
    expect((await handleOtlpLogs(deep, ports)).status).toBe(400);
    expect((await handleOtlpTraces(request(body), ports)).status).toBe(200);
  });

  it("is not awaited by a small one", async () => {
    const ports = fakePorts({ bulk: { split: () => new Promise(() => {}) } });
    const small = json({ resourceSpans: [] });
    expect((await handleOtlpTraces(small, ports)).status).toBe(200);
  });

  it("is refused with 503 while eight wait, and all are refused when the server stops", async () => {
    const splitter = newSplitter();
    const body = {
      signal: "traces",
      encoding: "json",
      bytes: encodeOtlpTracesJson(spans),
    } as const;
    const waiting = Array.from({ length: 8 }, () => splitter.split(body));
    await expect(splitter.split(body)).rejects.toMatchObject({ code: "overloaded" });
    const settled = Promise.allSettled(waiting);
    await splitter.close();
    expect((await settled).map(({ status }) => status)).toContain("rejected");
  });
});

describe("piecesOf", () => {
  it("cuts a metric of many points and keeps every point, in order", () => {
    const point = (i: number) => ({
      ...{ attributes: new Map([["i", i]]), startUnixNano: 0n, timeUnixNano: NOW_NANO },
      ...{ flags: 0, exemplars: [], value: i },
    });
    const metric = (name: string, from: number, to: number) =>
      ({
        ...{ name, description: "", unit: "", resource: RESOURCE, scope: SCOPE },
        ...{ kind: "gauge", metadata: new Map() },
        points: Array.from({ length: to - from }, (_, i) => point(from + i)),
      }) as unknown as OtlpMetric;
    const metrics = [metric("a", 0, 600), metric("b", 600, 2700), metric("none", 0, 0)];
    const bytes = encodeOtlpMetricsProtobuf(metrics);
    const decoded = piecesOf({ signal: "metrics", encoding: "protobuf", bytes }).map((piece) =>
      decodeOtlpMetricsProtobuf(piece),
    );
    const counts = decoded.map((piece) => piece.reduce((n, { points }) => n + points.length, 0));
    expect(counts).toEqual([1000, 1000, 700]);
    const values = decoded.flat().flatMap(({ points }) => points.map((p) => p.attributes.get("i")));
    expect(values).toEqual(Array.from({ length: 2700 }, (_, i) => i));
    expect([...new Set(decoded.flat().map(({ name }) => name))]).toContain("b");
  });
});
