import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { T0 } from "../testing/sample-data.ts";
import { ExpiryClock } from "./expiry-clock.ts";

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
const folders: string[] = [];

function newWorld() {
  const dataDir = mkdtempSync(join(tmpdir(), "avx-clock-"));
  folders.push(dataDir);
  const world = { nowMs: T0, passedMs: 0, lines: [] as string[] };
  const open = () =>
    new ExpiryClock({
      dataDir,
      nowMs: () => world.nowMs,
      passedMs: () => world.passedMs,
      log: (line) => world.lines.push(line),
    });
  const pass = (hours: number): void => {
    world.nowMs += hours * HOUR_MS;
    world.passedMs += hours * HOUR_MS;
  };
  return { world, open, pass };
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe("the clock of expiry", () => {
  it("is believed while it goes as time passes, and over a suspended week", () => {
    const { world, open, pass } = newWorld();
    const clock = open();
    for (let hour = 0; hour < 48; hour++) {
      expect(clock.trustedMs()).toBe(world.nowMs);
      pass(1);
    }
    world.nowMs += 6 * 24 * HOUR_MS;
    expect(clock.trustedMs()).toBe(world.nowMs);
  });

  it("is doubted for a day after a jump of years, then believed", () => {
    const { world, open, pass } = newWorld();
    const clock = open();
    clock.trustedMs();
    world.nowMs += 10 * YEAR_MS;
    expect(clock.trustedMs()).toBeUndefined();
    expect(world.lines.join()).toContain("3650 days further");
    pass(23);
    expect(clock.trustedMs()).toBeUndefined();
    pass(1);
    expect(clock.trustedMs()).toBe(world.nowMs);
  });

  it("is believed at once when it is set right again", () => {
    const { world, open, pass } = newWorld();
    const clock = open();
    clock.trustedMs();
    world.nowMs += 10 * YEAR_MS;
    expect(clock.trustedMs()).toBeUndefined();
    pass(1);
    world.nowMs -= 10 * YEAR_MS;
    expect(clock.trustedMs()).toBe(world.nowMs);
  });

  it("is doubted after a restart that lies years ahead, and not after one that does not", () => {
    const { world, open, pass } = newWorld();
    open().trustedMs();
    pass(24);
    expect(open().trustedMs()).toBe(world.nowMs);
    world.nowMs += 10 * YEAR_MS;
    const clock = open();
    expect(clock.trustedMs()).toBeUndefined();
    pass(24);
    expect(clock.trustedMs()).toBe(world.nowMs);
  });
});
