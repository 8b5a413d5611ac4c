import type { AttributeValue, Span } from "@avx/model";
import { expect } from "vitest";
import type { StoredEvent, TraceSearch } from "../store.ts";
import { attributesOf, documentOf, HOSTILE_TEXTS, recordOf, spanOf, T0 } from "./sample-data.ts";
import type { StoreCase } from "./store-case.ts";

const RANGE = { startMs: T0 - 60_000, endMs: T0 + 60_000 };
const NANO = 1_000_000n;

/** Every kind of attribute value, and every hostile text as a name and as a value. */
const ATTRIBUTES = attributesOf({
  text: "plain",
  integer: 200,
  fraction: -0.5,
  yes: true,
  nothing: null,
  empty: "",
  big: 2n ** 62n,
  bytes: new Uint8Array([0, 10, 10, 255]),
  list: ["a", 1, [true]],
  map: attributesOf({ inner: "x", deep: attributesOf({ n: 1 }) }),
  ...Object.fromEntries(HOSTILE_TEXTS.map((text) => [text, text])),
} satisfies Record<string, AttributeValue>);

/** The usual kinds of values. */
const USUAL = attributesOf({ a: 1, b: "x", c: true, d: -2.5, e: false, f: Number.NaN, g: "12" });

/** A span as most are: some numbers among its attributes. */
const USUAL_SPAN: Span = spanOf("contract-usual", {
  traceId: "9".repeat(32),
  attributes: USUAL,
  events: [
    { timeUnixNano: 1n, name: "e1", attributes: attributesOf({ n: 3 }) },
    { timeUnixNano: 2n, name: "e2", attributes: new Map() },
  ],
  links: [
    { traceId: "a", spanId: "b", traceState: "", attributes: attributesOf({ s: "1", n: 1e300 }) },
  ],
});

const FULL_SPAN: Span = spanOf("contract-full", {
  traceId: "11111111111111111111111111111111",
  parentSpanId: "2222222222222222",
  traceState: "a=b,c=d",
  name: "\n\nDROP TABLE avx.otel_traces;",
  kind: "producer",
  startUnixNano: BigInt(T0) * NANO + 123n,
  endUnixNano: BigInt(T0) * NANO + 456_789n,
  attributes: ATTRIBUTES,
  events: [
    { timeUnixNano: BigInt(T0) * NANO + 200n, name: "e1", attributes: ATTRIBUTES },
    { timeUnixNano: BigInt(T0) * NANO + 300n, name: "\n\n", attributes: new Map() },
  ],
  links: [
    {
      traceId: "33333333333333333333333333333333",
      spanId: "4444444444444444",
      traceState: "x=y",
      attributes: attributesOf({ n: 1, s: "t" }),
    },
  ],
  status: "error",
  statusMessage: "'; --\n\n",
  scope: { name: "lib", version: "2", attributes: attributesOf({ k: 1 }) },
});

const SCOPE = { name: "lib", version: "3", attributes: attributesOf({ n: 1, s: "t" }) };

function searchOf(given: Partial<TraceSearch>): TraceSearch {
  const any = { service: "", operation: "", minDurationMs: 0, onlyErrors: false, limit: 50 };
  return { ...any, range: RANGE, ...given };
}

/** Spans in, traces out. */
export const TRACE_CASES: readonly StoreCase[] = [
  {
    name: "brings a span back exact, a repeated batch once",
    async write({ traces }) {
      await traces.append([FULL_SPAN]);
      await traces.append([FULL_SPAN]);
      await traces.append([USUAL_SPAN]);
    },
    async check({ traces }) {
      expect(await traces.trace(FULL_SPAN.traceId)).toEqual([FULL_SPAN]);
      expect(await traces.trace(USUAL_SPAN.traceId)).toEqual([USUAL_SPAN]);
      expect(await traces.trace("ffffffffffffffffffffffffffffffff")).toEqual([]);
    },
  },
  {
    name: "finds traces by service, operation, duration and error, newest first",
    async write({ traces }) {
      const of = (n: number, given: Partial<Span>) =>
        spanOf("contract-search", {
          traceId: String(n).repeat(32),
          spanId: String(n).repeat(16),
          startUnixNano: BigInt(T0 + n) * NANO,
          endUnixNano: BigInt(T0 + n + n * 10) * NANO,
          ...given,
        });
      await traces.append([of(5, { name: "a" }), of(6, { name: "b", status: "error" })]);
      const child = { spanId: "7a".repeat(8), parentSpanId: "7".repeat(16) };
      await traces.append([of(7, { name: "a" }), of(7, child)]);
    },
    async check({ traces }) {
      const ids = async (given: Partial<TraceSearch>) =>
        (await traces.search(searchOf({ service: "contract-search", ...given }))).map(
          ({ traceId, spanCount, errorCount }) => `${traceId[0]} ${spanCount} ${errorCount}`,
        );
      expect(await ids({})).toEqual(["7 2 0", "6 1 1", "5 1 0"]);
      expect(await ids({ limit: 1 })).toEqual(["7 2 0"]);
      expect(await ids({ operation: "b" })).toEqual(["6 1 1"]);
      expect(await ids({ onlyErrors: true })).toEqual(["6 1 1"]);
      expect(await ids({ minDurationMs: 60 })).toEqual(["7 2 0", "6 1 1"]);
      expect(await ids({ service: "'; DROP TABLE avx.otel_traces; --\n\n" })).toEqual([]);
      expect(await ids({ range: { startMs: T0 + 6, endMs: T0 + 6 } })).toEqual(["6 1 1"]);
      const [newest] = await traces.search(searchOf({ service: "contract-search", limit: 1 }));
      expect(newest).toEqual({
        traceId: "7".repeat(32),
        rootService: "contract-search",
        rootName: "a",
        startMs: T0 + 7,
        durationMs: 70,
        spanCount: 2,
        errorCount: 0,
        services: ["contract-search"],
      });
    },
  },
  {
    name: "lists the services of a range",
    async write({ traces }) {
      await traces.append([spanOf("contract-services", { traceId: "8".repeat(32) })]);
    },
    async check({ traces }) {
      expect(await traces.services(RANGE)).toContain("contract-services");
      expect(await traces.services({ startMs: 0, endMs: 1 })).toEqual([]);
    },
  },
];

/** A Buffer and a Uint8Array are the same bytes to us. */
function plainBytes(value: AttributeValue): unknown {
  return value instanceof Uint8Array ? [...value] : value;
}

/** Log records and documents. */
export const LOG_AND_DOCUMENT_CASES: readonly StoreCase[] = [
  {
    name: "brings log records back exact, whatever their body is, a repeated batch once",
    async write({ logs }) {
      const bodies: AttributeValue[] = [
        "text",
        1,
        null,
        true,
        ATTRIBUTES,
        new Uint8Array([10, 10]),
      ];
      const records = bodies.map((body, i) =>
        recordOf("contract-logs", { body, timeUnixNano: BigInt(T0) * NANO + BigInt(i) }),
      );
      records[0] = { ...records[0]!, attributes: USUAL, scope: SCOPE, observedUnixNano: 77n };
      const timeless = recordOf("contract-logs", { timeUnixNano: 0n, attributes: ATTRIBUTES });
      await logs.append([...records, timeless]);
      await logs.append([...records, timeless]);
    },
    async check({ logs }) {
      const search = { service: "contract-logs", traceId: "", text: "", range: RANGE, limit: 50 };
      const found = await logs.search(search);
      const bodies = found.map(({ body }) => body);
      // Newest first; the record without a time counts as of when it was observed.
      const expected = [new Uint8Array([10, 10]), ATTRIBUTES, true, null, "hello", 1, "text"];
      expect(bodies.map(plainBytes)).toEqual(expect.arrayContaining(expected.map(plainBytes)));
      expect(found).toHaveLength(7);
      const text = found.find(({ body }) => body === "text");
      expect(text).toMatchObject({ attributes: USUAL, scope: SCOPE, observedUnixNano: 77n });
      const timeless = found.find(({ body }) => body === "hello");
      expect(timeless?.timeUnixNano).toBe(0n);
      expect(timeless?.attributes).toEqual(ATTRIBUTES);
    },
  },
  {
    name: "searches logs by text, trace and time, newest first",
    async write({ logs }) {
      const of = (n: number, body: string) =>
        recordOf("contract-search", {
          body,
          timeUnixNano: BigInt(T0 + n) * NANO,
          traceId: `t${n}`,
        });
      await logs.append(HOSTILE_TEXTS.map((text, n) => of(n, `before ${text} after ${n}`)));
    },
    async check({ logs }) {
      const any = { service: "contract-search", traceId: "", text: "", range: RANGE, limit: 50 };
      for (const [n, text] of HOSTILE_TEXTS.entries()) {
        const found = await logs.search({ ...any, text: `before ${text} after ${n}` });
        expect(found.map(({ traceId }) => traceId)).toEqual([`t${n}`]);
      }
      const newest = await logs.search({ ...any, limit: 2 });
      const last = HOSTILE_TEXTS.length - 1;
      expect(newest.map(({ traceId }) => traceId)).toEqual([`t${last}`, `t${last - 1}`]);
      expect(await logs.search({ ...any, traceId: "t3" })).toHaveLength(1);
      expect(await logs.search({ ...any, text: "BEFORE" })).toEqual([]);
    },
  },
  {
    name: "keeps events newest first, the last of one id, by kind and service",
    async write({ events }) {
      const service = "contract-events";
      const of = (id: string, minute: number, given: Partial<StoredEvent>): StoredEvent => ({
        ...{ id: `${service} ${id}`, kind: "anomaly", service, body: "{}" },
        ...{ timestampMs: T0 + minute * 60_000, ...given },
      });
      await events.put([of("a", 1, {}), of("b", 2, { kind: "deploy" })]);
      await events.put([of("a", 1, { body: '{"x":1}' }), of("c", 3, {})]);
      for (const text of HOSTILE_TEXTS) await events.put([of(text, 4, { kind: text, body: text })]);
      await events.put([]);
    },
    async check({ events }) {
      const any = { kind: "", service: "contract-events", limit: 100 };
      const range = { startMs: T0, endMs: T0 + 180_000 };
      const found = await events.search({ ...any, range });
      expect(found.map(({ id }) => id.slice(-1))).toEqual(["c", "b", "a"]);
      expect(found[2]?.body).toBe('{"x":1}');
      const deploys = await events.search({ ...any, kind: "deploy", range });
      expect(deploys).toMatchObject([{ kind: "deploy", timestampMs: T0 + 120_000 }]);
      expect(await events.search({ ...any, range, limit: 1 })).toHaveLength(1);
      expect(await events.search({ ...any, service: "nobody", range })).toEqual([]);
      const later = { startMs: T0 + 240_000, endMs: T0 + 240_000 };
      const hostile = await events.search({ ...any, range: later });
      expect(hostile.map(({ body }) => body).sort()).toEqual([...HOSTILE_TEXTS].sort());
    },
  },
  {
    name: "keeps documents by time, the last of one id, and checks them first",
    async write({ documents }) {
      const of = (minute: number, meanMs: number) =>
        documentOf("contract-documents", minute, meanMs);
      await documents.insertBatch([of(2, 20), of(1, 10)]);
      await documents.insertBatch([of(2, 22), of(3, 30)]);
      const broken = { ...of(4, 40), timestamp: "yesterday" };
      await expect(documents.insertBatch([broken])).rejects.toMatchObject({ code: "bad_request" });
    },
    async check({ documents }) {
      const search = { service: "contract-documents", limit: 50 };
      const range = { startMs: T0, endMs: T0 + 3_600_000 };
      const found = await documents.query({ ...search, range });
      expect(found.map(({ metrics }) => metrics.latency.mean_ms)).toEqual([10, 22, 30]);
      expect(found[0]).toEqual(documentOf("contract-documents", 1, 10));
      const first = await documents.query({ ...search, range, limit: 1 });
      expect(first).toHaveLength(1);
      const none = { startMs: T0 + 61_000, endMs: T0 + 119_000 };
      expect(await documents.query({ ...search, range: none })).toEqual([]);
    },
  },
  {
    name: "asks nothing for a caller who has left",
    async write() {},
    async check({ traces, logs, documents, events }) {
      const left = AbortSignal.abort(new Error("the caller left"));
      const any = { service: "", range: RANGE, limit: 1 };
      const ofTraces = { ...any, operation: "", minDurationMs: 0, onlyErrors: false };
      const questions = [
        traces.search(ofTraces, left),
        traces.trace("1".repeat(32), left),
        traces.services(RANGE, left),
        logs.search({ ...any, traceId: "", text: "" }, left),
        documents.query(any, left),
        events.search({ ...any, kind: "" }, left),
      ];
      for (const asked of await Promise.allSettled(questions)) {
        expect(asked).toMatchObject({ reason: { message: "the caller left" } });
      }
    },
  },
];
