import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogRecord } from "@avx/model";
import { createEmbeddedStore, type EmbeddedStore } from "@avx/store";
import { decodeOtlpLogsProtobuf, encodeOtlpLogsProtobuf } from "@avx/wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fakePorts, NOW_MS, NOW_NANO, request } from "./fixtures/fake-ports.ts";
import {
  damaged,
  hex,
  pick,
  type Random,
  randomAttributes,
  randomSource,
  TEXTS,
} from "./fixtures/random-spans.ts";
import { handleOtlpLogs } from "./otlp-logs.ts";

function randomRecords(random: Random): LogRecord[] {
  const isRare = random() < 0.5;
  const groups = Array.from({ length: 3 }, () => ({
    resource: { attributes: randomAttributes(random, isRare) },
    scope: {
      ...{ name: pick(random, TEXTS), version: pick(random, TEXTS) },
      attributes: randomAttributes(random, isRare && random() < 0.5),
    },
  }));
  return Array.from({ length: 1 + Math.floor(random() * 40) }, (): LogRecord => {
    const hasIds = random() < 0.5;
    return {
      timeUnixNano: NOW_NANO - BigInt(Math.floor(random() * (random() < 0.9 ? 1e9 : 3e14))),
      observedUnixNano: random() < 0.5 ? 0n : NOW_NANO,
      severityNumber: Math.floor(random() * 25),
      severityText: pick(random, ["", "INFO", "WARN"]),
      body: isRare && random() < 0.2 ? pick(random, [null, 1, ["a"]]) : pick(random, TEXTS),
      attributes: randomAttributes(random, isRare),
      traceId: hasIds ? hex(random, 32) : "",
      spanId: hasIds ? hex(random, 16) : "",
      // Tells the records apart.
      eventName: hex(random, 16),
      ...pick(random, groups),
    };
  });
}

const dataDir = mkdtempSync(join(tmpdir(), "avx-log-columns-"));
const copyDir = `${dataDir}-copy`;

function open(directory: string): Promise<EmbeddedStore> {
  return createEmbeddedStore({
    ...{ dataDir: directory, retentionMs: "off", acceptTimestamps: "any", log: () => {} },
    ...{ nowMs: () => NOW_MS, decodeLogs: decodeOtlpLogsProtobuf },
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

const SEARCH = {
  ...{ service: "", traceId: "", text: "", limit: 10_000 },
  range: { startMs: 0, endMs: NOW_MS + 60_000 },
};

const sorted = (records: readonly LogRecord[]) =>
  [...records].sort((a, b) => (a.eventName < b.eventName ? -1 : 1));

describe("log records that are taken as columns", () => {
  it("come back as the decoder of objects reads them: at once, from the log, from rows", async () => {
    const random = randomSource(4);
    const sent: LogRecord[] = [];
    const ports = fakePorts({ store });
    for (let i = 0; i < 30; i++) {
      const body = encodeOtlpLogsProtobuf(randomRecords(random));
      sent.push(...decodeOtlpLogsProtobuf(body));
      expect((await handleOtlpLogs(request(body), ports)).status).toBe(200);
    }
    const waiting = await store.logs.search(SEARCH);
    expect(sorted(waiting)).toEqual(sorted(sent));
    const newest = await store.logs.search({ ...SEARCH, text: "DROP", limit: 7 });
    expect(newest).toHaveLength(7);
    cpSync(join(dataDir, "wal"), join(copyDir, "wal"), { recursive: true });
    await store.flush();
    expect(sorted(await store.logs.search(SEARCH))).toEqual(sorted(sent));
    const again = await store.logs.search({ ...SEARCH, text: "DROP", limit: 7 });
    expect(again.map(({ timeUnixNano }) => timeUnixNano)).toEqual(
      newest.map(({ timeUnixNano }) => timeUnixNano),
    );
    const replayed = await open(copyDir);
    expect(sorted(await replayed.logs.search(SEARCH))).toEqual(sorted(sent));
    await replayed.close();
  });

  it("are taken and refused as the decoder of objects does, whatever the bytes are", async () => {
    const random = randomSource(16);
    const bodies = Array.from({ length: 20 }, () => encodeOtlpLogsProtobuf(randomRecords(random)));
    let taken = 0;
    for (let i = 0; i < 3000; i++) {
      const body = damaged(bodies[i % bodies.length]!, random);
      const objects = fakePorts();
      const columns = fakePorts();
      let rows = 0;
      Object.assign(columns.store.logs, {
        appendColumns: async (batch: {
          columns: { rows: number };
          others: readonly LogRecord[];
        }) => {
          rows = batch.columns.rows;
          taken += rows;
          columns.records.push(...batch.others);
        },
      });
      const expected = await handleOtlpLogs(request(body), objects);
      expect(await handleOtlpLogs(request(body), columns)).toEqual(expected);
      expect(columns.counted).toEqual(objects.counted);
      expect(rows + columns.records.length).toBe(objects.records.length);
    }
    expect(taken).toBeGreaterThan(1000);
  });
});
