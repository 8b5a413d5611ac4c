import { describe, expect, it, vi } from "vitest";
import { FakeEventEngine } from "../../testing/fake-event-engine.ts";
import { SimulatedDisk, seededRandom } from "../../testing/simulated-disk.ts";
import { nanosColumn } from "./attribute-columns.ts";
import { EventTable } from "./event-table.ts";
import type { EventTableOptions } from "./event-table-options.ts";

const DAY_NANOS = 86_400_000_000_000n;

interface Event {
  readonly id: string;
  readonly nanos: bigint;
}

interface World {
  readonly disk: SimulatedDisk;
  readonly engine: FakeEventEngine;
}

function newWorld(seed = 1): World {
  return { disk: new SimulatedDisk(seededRandom(seed)), engine: new FakeEventEngine() };
}

function openTable(
  { disk, engine }: World,
  options: Partial<EventTableOptions<Event>> = {},
): Promise<EventTable<Event>> {
  return EventTable.open<Event>({
    ...{ table: "otel_logs", walDir: "/wal", fileSystem: disk, engine, maxPending: 1_000 },
    log: () => {},
    nowMs: () => 0,
    nanosOf: ({ nanos }) => nanos,
    columns: ({ items }) => [
      { name: "Timestamp", column: nanosColumn(items.map(({ nanos }) => nanos)) },
    ],
    ...options,
  });
}

const event = (id: string, day = 1): Event => ({ id, nanos: BigInt(day) * DAY_NANOS });

function pendingIds(table: EventTable<Event>): string[] {
  return table.pending().flatMap(({ items }) => items.map(({ id }) => id));
}

describe("an event table", () => {
  it("has a batch at once, brings it back from the log, and makes rows of it once", async () => {
    const world = newWorld();
    const first = await openTable(world);
    await first.append([event("a"), event("b", 2)]);
    expect(pendingIds(first)).toEqual(["a", "b"]);
    world.disk.losePower();
    const second = await openTable(world);
    expect(pendingIds(second)).toEqual(["a", "b"]);
    await second.flush();
    await second.flush();
    expect(pendingIds(second)).toEqual([]);
    world.disk.losePower();
    const third = await openTable(world);
    await third.flush();
    expect(world.engine.rows.map(({ day }) => day)).toEqual([1, 2]);
  });

  it("keeps a batch as it was sent where it can read that, beside batches of its own form", async () => {
    const world = newWorld();
    const decode = (bytes: Uint8Array): Event[] =>
      Buffer.from(bytes)
        .toString()
        .split(",")
        .map((id) => event(id));
    const first = await openTable(world, { decode });
    await first.append([event("a"), event("b")], Buffer.from("a,b"));
    await first.append([event("c")]);
    await first.append([event("a"), event("b")], Buffer.from("a,b"));
    expect(pendingIds(first)).toEqual(["a", "b", "c"]);
    world.disk.losePower();
    await expect(openTable(world)).rejects.toMatchObject({ code: "data_dir_unusable" });
    const second = await openTable(world, { decode });
    expect(second.pending().flatMap(({ items }) => items)).toEqual(
      ["a", "b", "c"].map((id) => event(id)),
    );
    await second.append([event("a"), event("b")], Buffer.from("a,b"));
    expect(pendingIds(second)).toEqual(["a", "b", "c"]);
  });

  it("takes a repeated batch once: while under way, later, and after a restart", async () => {
    const world = newWorld();
    const first = await openTable(world);
    await Promise.all([first.append([event("a")]), first.append([event("a")])]);
    await first.append([event("a")]);
    expect(pendingIds(first)).toEqual(["a"]);
    await first.flush();
    await first.append([event("a")]);
    expect(pendingIds(first)).toEqual([]);
    const second = await openTable(world);
    await second.flush();
    await second.append([event("a")]);
    expect(pendingIds(second)).toEqual([]);
    expect(world.engine.rows).toHaveLength(1);
  });

  it("takes a batch once whose first write failed but reached the disk all the same", async () => {
    for (let k = 1; k < 8; k++) {
      const world = newWorld(k);
      const table = await openTable(world);
      const { calls } = world.disk;
      // Neither the sync nor the cut that follows it works: the record stays in the file.
      world.disk.faultAt = (call) =>
        call >= calls + k && call < calls + k + 2 ? "EIO" : undefined;
      const again = () => table.append([event("a")]);
      await again().catch(again).catch(again);
      world.disk.faultAt = () => undefined;
      expect(pendingIds(await openTable(world))).toEqual(["a"]);
    }
  });

  it("doubles and loses nothing when inserts fail or their answer is lost", async () => {
    for (let seed = 0; seed < 100; seed++) {
      const random = seededRandom(seed);
      const world = newWorld(seed);
      const sent = new Set<string>();
      for (let life = 0; life < 3; life++) {
        const table = await openTable(world);
        for (let n = 0; n < 4; n++) {
          const days = [0, 1, 2].filter(() => random() < 0.7);
          const id = `${life}.${n}`;
          await table.append(days.map((day) => event(`${id}.${day}`, day)));
          for (const day of days) sent.add(`${id}.${day}`);
          world.engine.fault = () =>
            random() > 0.5 ? undefined : random() > 0.5 ? "before" : "after";
          if (random() < 0.6) await table.flush().catch(() => {});
        }
        world.engine.fault = () => undefined;
        world.disk.losePower();
      }
      await (await openTable(world)).flush();
      expect(world.engine.rows).toHaveLength(sent.size);
    }
  });

  it("refuses a batch over too many days, and more than it may hold back", async () => {
    const world = newWorld();
    const table = await openTable(world, { maxPending: 150 });
    const many = Array.from({ length: 101 }, (_, day) => event("x", day));
    await expect(table.append(many)).rejects.toMatchObject({ code: "bad_request" });
    await table.append(many.slice(1));
    await expect(table.append(many.slice(0, 99))).rejects.toMatchObject({ code: "overloaded" });
  });

  it("refuses more bytes than it may hold back, and takes more when they are rows", async () => {
    const world = newWorld();
    const table = await openTable(world, { maxPendingBytes: 1000 });
    const large = "x".repeat(400);
    await table.append([event(large)]);
    await expect(table.append([event("b")])).rejects.toMatchObject({ code: "overloaded" });
    await table.flush();
    await table.append([event("b")]);
    expect(pendingIds(table)).toEqual(["b"]);
  });

  it("makes rows of many bytes at once, and does not ask a failing engine at each batch", async () => {
    const world = newWorld();
    const table = await openTable(world);
    const large = (id: string) => event(id + "x".repeat(4_000_000));
    world.engine.fault = () => "before";
    await table.append([large("a")]);
    expect(world.engine.inserts).toBe(0);
    await table.append([large("b")]);
    await vi.waitFor(() => expect(world.engine.inserts).toBe(1));
    await table.append([large("c")]);
    world.engine.fault = () => undefined;
    await table.flush();
    expect(world.engine.rows).toHaveLength(3);
    await table.append([large("d")]);
    await table.append([large("e")]);
    await vi.waitFor(() => expect(world.engine.rows).toHaveLength(5));
  });
});
