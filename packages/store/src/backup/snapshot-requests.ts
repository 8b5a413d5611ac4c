import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AvxError } from "@avx/model";
import { SNAPSHOT_FOLDER, snapshotName } from "./snapshot.ts";

const REQUEST = ".request";
const FAILED = ".failed";

/** The server looks every second; a snapshot is links and the copy of at most some hours of log. */
const WAIT_MS = 120_000;
const LOOK_AGAIN_MS = 50;

/**
 * Makes the snapshots that another process asks for by a file `snapshots/NAME.request`: who may write
 * into the data directory needs no port and no password to get a copy of it.
 */
export async function serveSnapshotRequests(
  dataDir: string,
  snapshot: (name: string) => Promise<void>,
): Promise<void> {
  const folder = join(dataDir, SNAPSHOT_FOLDER);
  if (!existsSync(folder)) return;
  for (const file of await readdir(folder)) {
    if (!file.endsWith(REQUEST)) continue;
    const name = file.slice(0, -REQUEST.length);
    try {
      await snapshot(name);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      await writeFile(join(folder, `${name}${FAILED}`), reason);
    }
    await rm(join(folder, file), { force: true });
  }
}

/**
 * Asks the process that has the directory for a snapshot and resolves with its folder. Rejects with
 * `store_unavailable` when that process cannot, or does not answer within two minutes.
 */
export async function requestSnapshot(dataDir: string, nowMs: number): Promise<string> {
  const folder = join(dataDir, SNAPSHOT_FOLDER);
  const name = snapshotName(nowMs);
  const made = join(folder, name);
  const failed = `${made}${FAILED}`;
  await mkdir(folder, { recursive: true });
  await writeFile(`${made}${REQUEST}`, "");
  for (let waitedMs = 0; waitedMs < WAIT_MS; waitedMs += LOOK_AGAIN_MS) {
    if (existsSync(made)) return made;
    if (existsSync(failed)) {
      const reason = `no snapshot: ${await readFile(failed, "utf8")}`;
      await rm(failed, { force: true });
      throw new AvxError("store_unavailable", { reason });
    }
    await sleep(LOOK_AGAIN_MS);
  }
  await rm(`${made}${REQUEST}`, { force: true });
  const reason = `the server made no snapshot within ${WAIT_MS / 1000} s`;
  throw new AvxError("store_unavailable", { reason });
}
