import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { startServer } from "./running-server.ts";

const COMMAND = join(import.meta.dirname, "../packages/avx-telemetry/bin/avx.js");
const root = mkdtempSync(join(tmpdir(), "avx-unusable-"));
/** A user who may write nowhere: root's writing is never refused. */
const NOBODY = 65_534;

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The exit code and all that the command says, as one line each. */
function serve(dataDir: string, uid?: number): { status: number | null; lines: string[] } {
  const ports = ["--listen", "127.0.0.1:0", "--otlp-listen", "off", "--otlp-grpc-listen", "off"];
  const args = [COMMAND, "serve", ...ports, "--data-dir", dataDir];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    ...{ timeout: 60_000, ...(uid === undefined ? {} : { uid }) },
    encoding: "utf8",
  });
  return { status, lines: `${stdout}${stderr}`.trim().split("\n") };
}

describe("a data directory that cannot be used", () => {
  it("is told of in one line when another server has it, and that one goes on", async () => {
    const server = await startServer();
    const second = serve(server.dataDir);
    const ready = await fetch(`${server.url}/-/ready`);
    await server.stop();
    expect(second).toEqual({
      status: 1,
      lines: [
        `avx: cannot use the data directory ${server.dataDir}: process ${process.pid} is using it`,
      ],
    });
    expect(ready.status).toBe(200);
  }, 90_000);

  it("is told of in one line when it is a file", () => {
    const file = join(root, "file");
    writeFileSync(file, "");
    const { status, lines } = serve(file);
    expect([status, lines.length]).toEqual([1, 1]);
    expect(lines[0]).toMatch(/^avx: cannot use the data directory .*(EEXIST|ENOTDIR)/);
  }, 90_000);

  it("is told of in one line when it cannot be written", () => {
    const directory = join(root, "read-only");
    mkdirSync(directory);
    chmodSync(root, 0o755);
    chmodSync(directory, 0o555);
    const { status, lines } = serve(directory, process.getuid?.() === 0 ? NOBODY : undefined);
    expect([status, lines.length]).toEqual([1, 1]);
    expect(lines[0]).toMatch(/^avx: cannot use the data directory .*EACCES/);
  }, 90_000);
});
