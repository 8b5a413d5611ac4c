import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Span } from "@avx/model";
import { createEmbeddedStore, type EmbeddedStore } from "@avx/store";
import { decodeOtlpTracesProtobuf, encodeOtlpTracesProtobuf } from "@avx/wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fakePorts, NOW_MS, NOW_NANO, request } from "./fixtures/fake-ports.ts";
import { damaged, randomSource, randomSpans } from "./fixtures/random-spans.ts";
import { handleOtlpTraces } from "./otlp-traces.ts";

const dataDir = mkdtempSync(join(tmpdir(), "avx-span-columns-"));
const copyDir = `${dataDir}-copy`;

function open(directory: string): Promise<EmbeddedStore> {
  return createEmbeddedStore({
    ...{ dataDir: directory, retentionMs: "off", acceptTimestamps: "any", log: () => {} },
    ...{ nowMs: () => NOW_MS, decodeSpans: decodeOtlpTracesProtobuf },
  });
}

let store: EmbeddedStore;

beforeAll(async () => {
  store = await open(dataDir);
});

afterAll(async () => {
  await store.close();
  for (const directory of [dataDir, copyDir]) rmSync(directory, { recursive: true, force: true });
});

async function expectStored(kept: EmbeddedStore, spans: readonly Span[]): Promise<void> {
  for (const span of spans) expect(await kept.traces.trace(span.traceId)).toEqual([span]);
}

describe("spans that are taken as columns", () => {
  it("come back as the decoder of objects reads them: at once, from the log, from rows", async () => {
    const random = randomSource(4);
    const sent: Span[] = [];
    const ports = fakePorts({ store });
    for (let i = 0; i < 30; i++) {
      const body = encodeOtlpTracesProtobuf(randomSpans(random));
      sent.push(...decodeOtlpTracesProtobuf(body));
      expect((await handleOtlpTraces(request(body), ports)).status).toBe(200);
    }
    const some = sent.filter((_, i) => i % 5 === 0);
    await expectStored(store, some);
    cpSync(join(dataDir, "wal"), join(copyDir, "wal"), { recursive: true });
    await store.flush();
    await expectStored(store, some);
    const replayed = await open(copyDir);
    await expectStored(replayed, some);
    await replayed.close();
  });

  it("come back whole with 600 names of spans and 72,000 names of attributes in one request", async () => {
    const [first] = randomSpans(randomSource(36));
    const spans = Array.from({ length: 600 }, (_, i): Span => {
      const id = (i + 1).toString(16).padStart(4, "0");
      const startUnixNano = NOW_NANO - 60_000_000_000n;
      const names = Array.from({ length: 120 }, (_, k) => `${i}.${k}`);
      return {
        ...{ ...first!, traceId: id.padStart(32, "e"), spanId: id.padStart(16, "e") },
        ...{ name: `GET /${i}`, startUnixNano, endUnixNano: startUnixNano + 1n },
        ...{ attributes: new Map(names.map((name) => [name, name])), events: [], links: [] },
      };
    });
    const body = encodeOtlpTracesProtobuf(spans);
    const ports = fakePorts({ store });
    expect((await handleOtlpTraces(request(body), ports)).status).toBe(200);
    // Larger bodies are not taken as columns.
    expect(body.length).toBeLessThan(2_000_000);
    const some = decodeOtlpTracesProtobuf(body).filter((_, i) => i % 50 === 0);
    await expectStored(store, some);
    await store.flush();
    await expectStored(store, some);
  });

  it("are found by the same searches while they wait and when they are rows", async () => {
    const random = randomSource(9);
    const ports = fakePorts({ store });
    const spans = Array.from({ length: 20 }, () => randomSpans(random)).flat();
    const body = encodeOtlpTracesProtobuf(spans);
    expect((await handleOtlpTraces(request(body), ports)).status).toBe(200);
    const range = { startMs: NOW_MS - 500, endMs: NOW_MS + 60_000 };
    const any = { service: "", operation: "", range, minDurationMs: 0, onlyErrors: false };
    const ask = async () => [
      await store.traces.search({ ...any, limit: 10_000 }),
      await store.traces.search({ ...any, operation: "GET /", onlyErrors: true, limit: 10_000 }),
      await store.traces.search({ ...any, minDurationMs: 5000, limit: 10_000 }),
      await store.traces.services(range),
    ];
    const waiting = await ask();
    expect(waiting[0]?.length).toBeGreaterThan(100);
    await store.flush();
    expect(await ask()).toEqual(waiting);
  });

  it("are taken and refused as the decoder of objects does, whatever the bytes are", async () => {
    const random = randomSource(16);
    const bodies = Array.from({ length: 20 }, () => encodeOtlpTracesProtobuf(randomSpans(random)));
    let taken = 0;
    for (let i = 0; i < 3000; i++) {
      const body = damaged(bodies[i % bodies.length]!, random);
      const objects = fakePorts();
      const columns = fakePorts();
      let rows = 0;
      Object.assign(columns.store.traces, {
        appendColumns: async (batch: { columns: { rows: number }; others: readonly Span[] }) => {
          rows = batch.columns.rows;
          taken += rows;
          columns.spans.push(...batch.others);
        },
      });
      const expected = await handleOtlpTraces(request(body), objects);
      const reply = await handleOtlpTraces(request(body), columns);
      expect(reply).toEqual(expected);
      expect(columns.counted).toEqual(objects.counted);
      expect(rows + columns.spans.length).toBe(objects.spans.length);
    }
    expect(taken).toBeGreaterThan(1000);
  });

  it("that are damaged but can be read come back as the decoder of objects reads them", async () => {
    const random = randomSource(25);
    const ports = fakePorts({ store });
    let taken = 0;
    while (taken < 60) {
      const body = damaged(encodeOtlpTracesProtobuf(randomSpans(random).slice(0, 3)), random);
      const reply = await handleOtlpTraces(request(body), ports);
      if (reply.status !== 200 || reply.body.length > 0) continue;
      const read = decodeOtlpTracesProtobuf(body);
      await expectStored(store, read);
      taken += read.length;
    }
  });
});
