import { describe, expect, it, vi } from "vitest";
import { type Fault, SimulatedDisk, seededRandom } from "../testing/simulated-disk.ts";
import { crc32c } from "./crc32c.ts";
import { recordHeader } from "./wal-record.ts";
import { WriteAheadLog } from "./write-ahead-log.ts";

// A second of work on an idle machine, and many times that on a busy one.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const DIR = "/wal";

async function openLog(disk: SimulatedDisk): Promise<{ wal: WriteAheadLog; replayed: string[] }> {
  const replayed: string[] = [];
  const wal = await WriteAheadLog.open({
    dir: DIR,
    fileSystem: disk,
    log: () => {},
    replay: (payload) => replayed.push(payload.toString()),
  });
  return { wal, replayed };
}

describe("crc32c", () => {
  it.each([
    [new Uint8Array(32), 0x8a9136aa], // RFC 3720, B.4: 32 bytes of zeroes
    [new Uint8Array(32).fill(0xff), 0x62a8ab43], // RFC 3720, B.4: 32 bytes of ones
    [Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e], // RFC 3720, B.4: incrementing
    [Buffer.from("123456789"), 0xe3069283], // the check value of CRC-32C
  ])("has the published value (%#)", (bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });
});

describe("the write-ahead log", () => {
  it("brings records back in order, over several lives", async () => {
    const disk = new SimulatedDisk(seededRandom(1));
    const first = await openLog(disk);
    await Promise.all(["a", "b", "c"].map((text) => first.wal.append(Buffer.from(text), () => {})));
    first.wal.rotate();
    await first.wal.append(Buffer.from("d"), () => {});
    await first.wal.close();
    const second = await openLog(disk);
    expect(second.replayed).toEqual(["a", "b", "c", "d"]);
    await second.wal.append(Buffer.from("e"), () => {});
    expect((await openLog(disk)).replayed).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("deletes a segment once, however many ask for it at the same time", async () => {
    const disk = new SimulatedDisk(seededRandom(1));
    const { wal } = await openLog(disk);
    await wal.append(Buffer.from("a"), () => {});
    wal.rotate();
    await wal.append(Buffer.from("b"), () => {});
    const remove = vi.spyOn(disk, "remove");
    await Promise.all([wal.deleteSegments(() => true), wal.deleteSegments(() => true)]);
    expect(remove).toHaveBeenCalledTimes(1);
    expect((await openLog(disk)).replayed).toEqual(["b"]);
  });

  it("syncs once for all appends that wait", async () => {
    const disk = new SimulatedDisk(seededRandom(1));
    const { wal } = await openLog(disk);
    await wal.append(Buffer.from("first"), () => {});
    const before = disk.calls;
    await Promise.all(Array.from({ length: 100 }, () => wal.append(Buffer.from("x"), () => {})));
    expect(disk.calls - before).toBe(2 * 1); // one write, one sync
  });

  it("cuts off a last record that is torn at any byte, and goes on", async () => {
    const whole = [recordHeader(Buffer.from("good")), Buffer.from("good")];
    const last = Buffer.concat([recordHeader(Buffer.from("torn!")), Buffer.from("torn!")]);
    for (let kept = 0; kept <= last.length; kept++) {
      const disk = new SimulatedDisk(seededRandom(kept));
      const bytes = Buffer.concat([...whole, last.subarray(0, kept)]);
      disk.files.set(`${DIR}/00000001.wal`, { bytes, syncedLength: bytes.length });
      const { wal, replayed } = await openLog(disk);
      expect(replayed).toEqual(kept === last.length ? ["good", "torn!"] : ["good"]);
      await wal.append(Buffer.from("next"), () => {});
      expect((await openLog(disk)).replayed.slice(-1)).toEqual(["next"]);
    }
  });

  it("does not take a record whose bytes have changed", async () => {
    const record = Buffer.concat([recordHeader(Buffer.from("payload")), Buffer.from("payload")]);
    for (let i = 0; i < record.length; i++) {
      const bytes = Buffer.from(record);
      bytes[i] = bytes[i]! ^ 1;
      const disk = new SimulatedDisk(seededRandom(i));
      disk.files.set(`${DIR}/00000001.wal`, { bytes, syncedLength: bytes.length });
      expect((await openLog(disk)).replayed).toEqual([]);
    }
  });

  it("says storage_full when the disk is full, and heals by itself", async () => {
    const disk = new SimulatedDisk(seededRandom(1));
    const { wal } = await openLog(disk);
    disk.faultAt = () => "ENOSPC";
    await expect(wal.append(Buffer.from("a"), () => {})).rejects.toMatchObject({
      code: "storage_full",
      status: 507,
    });
    disk.faultAt = () => undefined;
    await wal.append(Buffer.from("b"), () => {});
    expect((await openLog(disk)).replayed).toEqual(["b"]);
  });

  it("writes what is queued when it closes, and takes no more", async () => {
    const disk = new SimulatedDisk(seededRandom(1));
    const { wal } = await openLog(disk);
    const queued = wal.append(Buffer.from("queued"), () => {});
    await Promise.all([wal.close(), queued]);
    await expect(wal.append(Buffer.from("late"), () => {})).rejects.toMatchObject({
      code: "store_unavailable",
    });
    expect((await openLog(disk)).replayed).toEqual(["queued"]);
  });

  it("refuses with overloaded what would make the queue too long", async () => {
    const disk = new SimulatedDisk(seededRandom(1));
    const { wal } = await openLog(disk);
    const large = Buffer.alloc(40 * 1024 * 1024);
    const first = wal.append(large, () => {});
    await expect(wal.append(large, () => {})).rejects.toMatchObject({ code: "overloaded" });
    await first;
    await wal.append(Buffer.from("fits again"), () => {});
  });
});

/** One life: appends in small groups, each fault wherever it falls; then the power goes. */
async function liveAndDie(disk: SimulatedDisk, random: () => number): Promise<Set<string>> {
  const acked = new Set<string>();
  const { wal } = await openLog(disk);
  for (let group = 0; group < 6; group++) {
    if (random() < 0.2) wal.rotate();
    const appends = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, i) => {
      const text = `${group}.${i} ${"x".repeat(Math.floor(random() * 40))}`;
      return wal.append(Buffer.from(text), () => {}).then(() => acked.add(text));
    });
    await Promise.allSettled(appends);
  }
  disk.losePower();
  return acked;
}

describe("the write-ahead log over a failing disk", () => {
  it.each<Fault>(["EIO", "ENOSPC", "torn"])(
    "loses no acknowledged record at any k-th %s",
    async (fault) => {
      let reached = 0;
      for (let k = 3; k < 30; k++) {
        const random = seededRandom(k);
        const disk = new SimulatedDisk(random);
        disk.faultAt = (call) => (call === k ? fault : undefined);
        const acked = await liveAndDie(disk, random);
        if (disk.calls >= k) reached++;
        disk.faultAt = () => undefined;
        const { replayed } = await openLog(disk);
        expect(new Set(replayed).size).toBe(replayed.length);
        expect([...acked].filter((text) => !replayed.includes(text))).toEqual([]);
      }
      expect(reached).toBeGreaterThan(10);
    },
  );

  it("loses no acknowledged record in 500 seeded histories of many faults", async () => {
    let faults = 0;
    for (let seed = 0; seed < 500; seed++) {
      const random = seededRandom(seed);
      const disk = new SimulatedDisk(random);
      disk.faultAt = (call) => {
        if (call < 3 || random() > 0.15) return undefined;
        faults++;
        return (["EIO", "ENOSPC", "torn"] as const)[Math.floor(random() * 3)];
      };
      const acked = await liveAndDie(disk, random);
      disk.faultAt = () => undefined;
      const { replayed } = await openLog(disk);
      expect([...acked].filter((text) => !replayed.includes(text))).toEqual([]);
      expect(new Set(replayed).size).toBe(replayed.length);
    }
    expect(faults).toBeGreaterThan(500);
  });
});
