import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { runKeys } from "./keys-command.ts";

const NOW_MS = Date.UTC(2026, 10, 25, 12);

describe("avx keys", () => {
  let dataDir = "";
  const run = (line: string, nowMs = NOW_MS): string =>
    runKeys(line.split(" "), { env: { AVX_DATA_DIR: dataDir }, nowMs: () => nowMs });

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), "avx-keys-"));
    onTestFinished(() => rmSync(dataDir, { recursive: true }));
  });

  it("prints a new key once, lists it without, and revokes it", () => {
    const [secret = "", about = ""] = run("create --role ingest --name checkout").split("\n");
    expect(secret).toMatch(/^avx_[\w-]{43}$/);
    const [id = ""] = about.split(" ");
    const list = run("list");
    expect(list).toBe(
      `${id}  ingest  checkout  created 2026-11-25T12:00Z  never expires  never used\n`,
    );
    expect(run(`revoke ${id}`)).toContain("none is left");
    expect(run("list")).toContain("no keys");
  });

  it("makes keys that end", () => {
    run("create --role read --expires 90d");
    expect(run("list")).toContain("expires 2027-02-23T12:00Z");
    expect(run("list")).not.toContain("EXPIRED");
    expect(run("list", NOW_MS + 90 * 86_400_000)).toContain("EXPIRED");
  });

  it.each([
    ["create", "--role"],
    ["create --role root", "ingest, read, admin"],
    ["create --role read --expires soon", "--expires"],
    ["create --role read --expires 0s", "--expires"],
    ["create --role read --name \u0007", "--name"],
    ["revoke 12345678", "no key"],
    ["revoke ../../etc/passwd", "no key"],
    ["frobnicate", "create, list or revoke"],
    ["list --role", "command line"],
  ])("refuses %s", (line, words) => {
    expect(() => run(line)).toThrow(words);
  });
});
