import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { HOSTILE_TEXTS } from "../testing/sample-data.ts";
import { seededRandom } from "../testing/simulated-disk.ts";
import { arrays, floatData, floats, int64s, stringMaps, strings, uint32s } from "./block-access.ts";
import { engineError } from "./engine-error.ts";
import type { NamedColumn } from "./native-columns.ts";
import { SupervisedEngine } from "./supervised-engine.ts";

// A second of work on an idle machine, and many times that on a busy one.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const root = mkdtempSync(join(tmpdir(), "avx-engine-"));
// The directory's own name is hostile: it stands in SQL where answers go through files.
const dataDir = join(root, "it's a\n\ndir; --");
let engine: SupervisedEngine;

beforeAll(async () => {
  mkdirSync(dataDir);
  engine = await SupervisedEngine.open({ dataDir, nowMs: () => 0, log: () => {} });
  await engine.command("CREATE DATABASE avx ENGINE = Atomic");
});

afterAll(async () => {
  await engine.stop();
  rmSync(root, { recursive: true, force: true });
});

function textRows(rows: readonly (string | Uint8Array)[]): NamedColumn[] {
  const ids = Uint32Array.from(rows, (_, i) => i);
  return [
    { name: "id", column: { kind: "fixed", type: "UInt32", data: ids } },
    { name: "text", column: { kind: "string", data: rows } },
  ];
}

describe("the engine", () => {
  it("takes any bytes in strings, and runs none of them", async () => {
    await engine.command(
      "CREATE TABLE avx.text (id UInt32, text String) ENGINE = MergeTree ORDER BY id",
    );
    const random = seededRandom(7);
    const noise = Array.from({ length: 500 }, () =>
      // Every third byte is a line end: blank lines all over.
      Uint8Array.from({ length: 1 + random() * 300 }, (_, i) => (i % 3 ? 10 : random() * 256)),
    );
    const rows = [...HOSTILE_TEXTS, "", ...noise];
    await engine.insert({
      table: "avx.text",
      blocks: [{ columns: textRows(rows), rows: rows.length }],
      token: "a",
    });
    const answer = await engine.query("SELECT id, text FROM avx.text");
    let seen = 0;
    for (const block of answer) {
      for (let row = 0; row < block.rows; row++, seen++) {
        const expected = rows[uint32s(block, "id")[row]!]!;
        const bytes = strings(block, "text").bytes(row);
        const wanted = typeof expected === "string" ? Buffer.from(expected) : expected;
        expect(bytes.equals(wanted)).toBe(true);
      }
    }
    expect(seen).toBe(rows.length);
  });

  it("binds hostile parameters as values", async () => {
    for (const text of HOSTILE_TEXTS) {
      const [block] = await engine.query(
        "SELECT {text:String} AS one, arrayElement({list:Array(String)}, 2) AS other",
        { text, list: ["x", text] },
      );
      expect(strings(block!, "one").text(0)).toBe(text);
      expect(strings(block!, "other").text(0)).toBe(text);
    }
  });

  it("takes numbers whose bytes are line ends, nested columns, and gives them back", async () => {
    await engine.command(
      `CREATE TABLE avx.nested (i Int64, f Array(Float64), m Map(LowCardinality(String), String))
       ENGINE = MergeTree ORDER BY i`,
    );
    const lineEnds = new Float64Array(new BigUint64Array([0x0a0a0a0a0a0a0a0an]).buffer);
    const columns: NamedColumn[] = [
      {
        name: "i",
        column: { kind: "fixed", type: "Int64", data: BigInt64Array.of(-1n, 0x0a0a0a0a0a0a0a0an) },
      },
      {
        name: "f",
        column: {
          kind: "array",
          ends: [2, 2],
          items: { kind: "fixed", type: "Float64", data: Float64Array.of(lineEnds[0]!, -0) },
        },
      },
      {
        name: "m",
        column: {
          kind: "map",
          ends: [0, 1],
          keys: { kind: "string", data: ["\n\n"] },
          values: { kind: "string", data: ["\n\nDROP TABLE avx.nested"] },
        },
      },
    ];
    await engine.insert({ table: "avx.nested", blocks: [{ columns, rows: 2 }], token: "n" });
    const [block] = await engine.query(
      "SELECT i, f, CAST(m, 'Map(String, String)') AS m2 FROM avx.nested ORDER BY i",
    );
    expect([...int64s(block!, "i")]).toEqual([-1n, 0x0a0a0a0a0a0a0a0an]);
    const list = arrays(block!, "f");
    expect([...list.ends]).toEqual([2, 2]);
    expect([...floatData(list.items, "f")]).toEqual([lineEnds[0], -0]);
    expect([0, 1].map(stringMaps(block!, "m2"))).toEqual([
      new Map(),
      new Map([["\n\n", "\n\nDROP TABLE avx.nested"]]),
    ]);
  });

  it("inserts once under one token", async () => {
    await engine.command(
      `CREATE TABLE avx.once (id UInt32, text String) ENGINE = MergeTree ORDER BY id
       SETTINGS non_replicated_deduplication_window = 100`,
    );
    for (const token of ["a", "a", "b"]) {
      const blocks = [{ columns: textRows(["x"]), rows: 1 }];
      await engine.insert({ table: "avx.once", blocks, token });
    }
    const [block] = await engine.query("SELECT toFloat64(count()) AS n FROM avx.once");
    expect([...floats(block!, "n")]).toEqual([2]);
  });

  it("makes one part of an insert, however many blocks it comes in", async () => {
    await engine.command(
      "CREATE TABLE avx.whole (id UInt32, text String) ENGINE = MergeTree ORDER BY id",
    );
    const block = { columns: textRows(Array.from({ length: 1000 }, String)), rows: 1000 };
    const blocks = Array.from({ length: 30 }, () => block);
    await engine.insert({ table: "avx.whole", blocks, token: "w" });
    // A part that was merged from several has a level above 0.
    const [answer] = await engine.query(
      `SELECT toFloat64(count()) AS parts, toFloat64(max(level)) AS level, toFloat64(sum(rows)) AS n
       FROM system.parts WHERE active AND database = 'avx' AND table = 'whole'`,
    );
    expect(["parts", "level", "n"].map((name) => floats(answer!, name)[0])).toEqual([1, 0, 30_000]);
  });

  it("gives a long answer the same by the way of a file, and leaves no file behind", async () => {
    const sql = "SELECT toFloat64(number) AS n FROM numbers(200000)";
    const sum = (blocks: Awaited<ReturnType<typeof engine.query>>) =>
      blocks.reduce((total, block) => floats(block, "n").reduce((a, b) => a + b, total), 0);
    expect(sum(await engine.queryBulk(sql))).toBe((200_000 * 199_999) / 2);
    expect(sum(await engine.query(sql))).toBe((200_000 * 199_999) / 2);
    expect(readdirSync(join(dataDir, "spool"))).toEqual([]);
  });

  it("answers other queries while a long one runs", async () => {
    let isLongDone = false;
    const long = engine.query(
      "SELECT sleepEachRow(0.5) FROM numbers(3) SETTINGS max_block_size = 1",
    );
    void long.finally(() => {
      isLongDone = true;
    });
    await engine.query("SELECT toFloat64(1) AS one");
    expect(isLongDone).toBe(false);
    await long;
  });

  it("ends a query whose caller has left, whether it runs or waits", async () => {
    const sql = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1";
    const caller = new AbortController();
    const reason = new Error("the caller left");
    // Two run on the two Sessions that read, the third waits.
    const ask = [engine.query(sql, {}, caller.signal), engine.queryBulk(sql, {}, caller.signal)];
    const left = [...ask, engine.query(sql, {}, caller.signal)];
    const outcomes = Promise.allSettled(left);
    const running = async (): Promise<number | undefined> => {
      const [found] = await engine.query(
        "SELECT toFloat64(count()) AS n FROM system.processes WHERE query LIKE '%sipHash64%'",
      );
      return found && floats(found, "n")[0];
    };
    caller.abort(reason);
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ reason });
    // The question counts itself; it is answered only when a Session is free again.
    await vi.waitFor(async () => expect(await running()).toBe(1), { timeout: 20_000 });
  });

  it("does not begin for a caller who has left already", async () => {
    const query = engine.queryBulk("SELECT 1", {}, AbortSignal.abort(new Error("gone")));
    await expect(query).rejects.toThrow("gone");
  });

  it("has typed errors, without SQL in the message", async () => {
    const failed = engine.query("SELECT * FROM avx.secret_table");
    await expect(failed).rejects.toMatchObject({ code: "internal", message: "internal error" });
    // Numbers: ClickHouse, src/Common/ErrorCodes.cpp.
    expect(engineError("Code: 159. Timeout exceeded", 159).code).toBe("query_timeout");
    expect(engineError("Code: 241. Memory limit exceeded", 241).code).toBe("query_failed");
    expect(engineError("Code: 243. Cannot reserve", 243).code).toBe("storage_full");
    expect(engineError("Code: 394. Query was cancelled", 394).code).toBe("query_canceled");
    expect(engineError("errno: 28, strerror: No space left on device", 0).status).toBe(507);
  });

  it("refuses a directory that the engine below cannot open", async () => {
    const opened = SupervisedEngine.open({ dataDir: "a\\b", nowMs: () => 0, log: () => {} });
    await expect(opened).rejects.toMatchObject({ code: "data_dir_unusable" });
  });

  it("ends its process when it stops, and says so to later callers", async () => {
    const dir = join(root, "second");
    mkdirSync(dir);
    const second = await SupervisedEngine.open({ dataDir: dir, nowMs: () => 0, log: () => {} });
    const { pid } = second;
    expect(existsSync(`/proc/${pid}`) || process.platform !== "linux").toBe(true);
    await second.stop();
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    await expect(second.query("SELECT 1")).rejects.toMatchObject({ code: "store_unavailable" });
  });
});
