import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "@avx/analysis";
import { describe, expect, it } from "vitest";
import { createLocalRoom } from "./local-room.ts";
import { PAGE_SCORE, type WatchedSeries } from "./series-watch.ts";
import { createThreadRoom } from "./thread-room.ts";
import type { SampleColumns, WatchRoom } from "./watch-messages.ts";

const watched = (n: number): WatchedSeries => ({
  ...{ key: `metric m${n}`, service: "cart", signal: "metric", metric: `m${n}` },
  ...{ unit: "1", kind: "gauge" },
});
const ADDED = [0, 1].map((id) => ({ id, series: watched(id), threshold: PAGE_SCORE }));

/** Two series in turn, 80 samples each; the first jumps at its 70th. */
function samples(): SampleColumns {
  const random = createRandom(9);
  const length = 160;
  const value = (i: number): number => (i % 2 === 0 && i >= 140 ? 90 : 20) + random.normal();
  return {
    ids: Uint32Array.from({ length }, (_, i) => i % 2),
    timestampsMs: Float64Array.from({ length }, (_, i) => Math.floor(i / 2) * 15_000 + 1),
    values: Float64Array.from({ length }, (_, i) => value(i)),
  };
}

async function inRoom<T>(room: WatchRoom, use: (room: WatchRoom) => Promise<T>): Promise<T> {
  try {
    return await use(room);
  } finally {
    await room.close();
  }
}

describe("room of watches in a thread", () => {
  it("judges as one in this thread does", async () => {
    const here = await inRoom(createLocalRoom(), (room) => room.judge(ADDED, samples()));
    const there = await inRoom(createThreadRoom(), (room) => room.judge(ADDED, samples()));
    expect(there).toEqual(here);
    expect(there.changes[0]).toMatchObject({ change: "opened", event: { metric: "m0" } });
  });

  it("saves, and goes on from what it saved", async () => {
    const directory = await mkdtemp(join(tmpdir(), "avx-room-"));
    const path = join(directory, "state.jsonl");
    await inRoom(createThreadRoom(), async (room) => {
      await room.judge(ADDED, samples());
      await room.save(path, 1);
    });
    await inRoom(createThreadRoom(), async (room) => {
      const { watches: restored } = await room.restore(path, 10);
      expect(restored).toMatchObject([
        { id: 0, series: watched(0), openId: "metric m0@1065001" },
        { id: 1, series: watched(1), openId: undefined },
      ]);
    });
    await rm(directory, { recursive: true });
  });

  it("tells the caller what failed", async () => {
    await inRoom(createThreadRoom(), async (room) => {
      const unknown = { ...samples(), ids: new Uint32Array(160).fill(7) };
      await expect(room.judge([], unknown)).rejects.toThrow("undefined");
    });
  });
});
