import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { uint8s } from "./block-access.ts";
import { EngineParking, FEW_ROWS, type ParkableEngine } from "./engine-parking.ts";
import type { NativeBlock } from "./native-reader.ts";
import { SupervisedEngine } from "./supervised-engine.ts";

// A second of work on an idle machine, and many times that on a busy one.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const IDLE_MS = 3_600_000;

/** An engine that says how much goes on in the background, and is asked by the test. */
class QuietEngine implements ParkableEngine {
  questions = 0;
  insertedRows = 0;
  isUp = true;
  isParked = false;
  merges = 0;
  /** Happens while the engine is asked for its merges. */
  meanwhile = (): void => {};

  async query(): Promise<NativeBlock[]> {
    this.questions++;
    this.meanwhile();
    const data = BigUint64Array.of(BigInt(this.merges));
    return [{ rows: 1, columns: new Map([["n", { kind: "fixed", data }]]) }];
  }

  async park(): Promise<void> {
    this.isParked = true;
  }
}

describe("parking", () => {
  let timeMs: number;
  let engine: QuietEngine;
  let parking: EngineParking;
  const lookAfter = async (ms: number): Promise<boolean> => {
    timeMs += ms;
    await parking.look();
    return engine.isParked;
  };

  beforeEach(() => {
    timeMs = 0;
    engine = new QuietEngine();
    const options = { engine, idleMs: IDLE_MS, passedMs: () => timeMs, log: () => {} };
    parking = new EngineParking(options);
    return () => parking.stop();
  });

  it("happens when nobody has asked for the idle time", async () => {
    expect(await lookAfter(IDLE_MS - 1)).toBe(false);
    expect(await lookAfter(1)).toBe(true);
  });

  it("waits from the last question on", async () => {
    await lookAfter(IDLE_MS / 2);
    engine.questions++;
    await lookAfter(1);
    expect(await lookAfter(IDLE_MS - 1)).toBe(false);
    expect(await lookAfter(1)).toBe(true);
  });

  it("is not held up by some rows, but by many", async () => {
    engine.insertedRows += FEW_ROWS - 1;
    expect(await lookAfter(IDLE_MS)).toBe(true);
    await lookAfter(IDLE_MS);
    engine.isParked = false;
    engine.insertedRows += FEW_ROWS;
    expect(await lookAfter(IDLE_MS)).toBe(false);
    expect(await lookAfter(IDLE_MS)).toBe(true);
  });

  it("leaves merges to come to their end", async () => {
    engine.merges = 1;
    expect(await lookAfter(IDLE_MS)).toBe(false);
    engine.merges = 0;
    expect(await lookAfter(IDLE_MS)).toBe(true);
  });

  it("does not happen when somebody asks while the merges are looked at", async () => {
    engine.meanwhile = () => engine.questions++;
    expect(await lookAfter(IDLE_MS)).toBe(false);
    engine.meanwhile = () => {};
    expect(await lookAfter(IDLE_MS)).toBe(true);
  });

  it("waits for the idle time again after a start", async () => {
    await lookAfter(IDLE_MS);
    await lookAfter(IDLE_MS);
    engine.isParked = false;
    engine.questions++;
    await lookAfter(1);
    expect(await lookAfter(IDLE_MS - 1)).toBe(false);
    expect(await lookAfter(1)).toBe(true);
  });
});

describe("a parked engine", () => {
  const root = mkdtempSync(join(tmpdir(), "avx-parking-"));
  const lines: string[] = [];
  let engine: SupervisedEngine;

  const open = (): Promise<SupervisedEngine> =>
    SupervisedEngine.open({ dataDir: root, nowMs: () => 0, log: (line) => lines.push(line) });
  const one = async (of: SupervisedEngine): Promise<number | undefined> =>
    uint8s((await of.query("SELECT 1 AS n"))[0]!, "n")[0];

  beforeAll(async () => {
    engine = await open();
  });

  afterAll(async () => {
    await engine.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it("has no process, and answers", async () => {
    const { pid } = engine;
    await engine.park();
    expect(engine).toMatchObject({ pid: 0, isUp: true, isParked: true });
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    expect(await one(engine)).toBe(1);
    expect(engine).toMatchObject({ isUp: true, isParked: false, wakes: 1, restarts: 0 });
  });

  it("is started once by all who ask at the same time", async () => {
    const { wakes } = engine;
    await engine.park();
    expect(await Promise.all(Array.from({ length: 50 }, () => one(engine)))).toEqual(
      Array(50).fill(1),
    );
    expect(engine.wakes).toBe(wakes + 1);
  });

  it("answers who asks while it is being parked", async () => {
    for (let round = 0; round < 5; round++) {
      const parked = engine.park();
      expect(await one(engine)).toBe(1);
      await parked;
    }
    expect(engine.restarts).toBe(0);
  });

  it("is not parked under a statement, nor while it is needed", async () => {
    const asked = one(engine);
    await engine.park();
    expect(engine.isParked).toBe(false);
    expect(await asked).toBe(1);
    await engine.whileRunning(async () => {
      await engine.park();
      expect(engine.isParked).toBe(false);
    });
  });

  it("keeps its tables, and ends statements whose caller leaves while it starts", async () => {
    await engine.command("CREATE TABLE IF NOT EXISTS kept (n UInt8) ENGINE = MergeTree ORDER BY n");
    await engine.command("INSERT INTO kept SELECT 7");
    await engine.park();
    const caller = new AbortController();
    const left = engine.queryBulk("SELECT n FROM kept", {}, caller.signal);
    caller.abort(new Error("the caller left"));
    await expect(left).rejects.toThrow("the caller left");
    expect(uint8s((await engine.query("SELECT n FROM kept"))[0]!, "n")[0]).toBe(7);
  });

  it("stops at once, also while it is being parked or started", async () => {
    await engine.park();
    await engine.stop();
    const parking = await open();
    const parked = parking.park();
    await Promise.all([parked, parking.stop()]);
    const starting = await open();
    await starting.park();
    const refused = expect(one(starting)).rejects.toMatchObject({ code: "store_unavailable" });
    await starting.stop();
    await refused;
    await expect(one(starting)).rejects.toMatchObject({ code: "store_unavailable" });
    engine = await open();
    expect(await one(engine)).toBe(1);
  });

  it("says so when it cannot start again, and goes on trying", async () => {
    await engine.park();
    const blocker = await open();
    await expect(one(engine)).rejects.toMatchObject({ code: "store_unavailable" });
    expect(engine.isUp).toBe(false);
    await blocker.stop();
    await vi.waitFor(async () => expect(await one(engine)).toBe(1), {
      ...{ timeout: 15_000, interval: 50 },
    });
    expect(lines.join("\n")).toContain("engine is up again");
  });
});
