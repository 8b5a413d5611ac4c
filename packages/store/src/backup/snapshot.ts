import { mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { strings } from "../engine/block-access.ts";
import type { Engine } from "../engine/engine.ts";
import { listTree, placeEntry } from "./file-tree.ts";

/** Folder of the data directory in which snapshots lie. */
export const SNAPSHOT_FOLDER = "snapshots";

/** Folders of a table that are no parts of it. */
const NO_PARTS = new Set(["deduplication_logs", "detached"]);

/** What a snapshot is made of. */
export interface SnapshotParts {
  readonly dataDir: string;
  readonly name: string;
  readonly engine: Engine;
  /** Leaves out the samples that are in memory only. */
  readonly skipHead: boolean;
}

/**
 * Makes `snapshots/NAME`: a data directory of its own, with everything that was acknowledged before.
 * Parts of tables never change, so they are hard links that take no space; logs and lists of tables
 * are copied. Nothing must be inserted, dropped or deleted meanwhile. Appends may go on.
 */
export async function makeSnapshot(parts: SnapshotParts): Promise<void> {
  const { dataDir, name, engine, skipHead } = parts;
  const target = join(dataDir, SNAPSHOT_FOLDER, name);
  const partial = `${target}.partial`;
  const active = await activeParts(engine);
  const isLeftOut = (path: string): boolean => {
    if (path === "tmp") return true;
    const owner = basename(dirname(path));
    const isOfTable = /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(owner) && path.startsWith("store/");
    return isOfTable && !NO_PARTS.has(basename(path)) && !active.has(partKey(path));
  };
  try {
    await mkdir(partial, { recursive: true });
    const from = join(dataDir, "engine");
    for (const entry of await listTree(from, isLeftOut)) {
      const how = active.has(partKey(dirname(entry.path))) ? "hardLink" : "copy";
      await placeEntry(entry, from, { to: join(partial, "engine"), how });
    }
    const logs = join(dataDir, "wal");
    for (const entry of await listTree(logs, (path) => skipHead && path === "metrics")) {
      await placeEntry(entry, logs, { to: join(partial, "wal"), how: "copy" });
    }
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

/** Table and name of a part by the path of its folder. */
function partKey(path: string): string {
  return `${basename(dirname(path))}/${basename(path)}`;
}

async function activeParts(engine: Engine): Promise<ReadonlySet<string>> {
  const answer = await engine.query(
    "SELECT path FROM system.parts WHERE active AND database = 'avx'",
  );
  const keys = new Set<string>();
  for (const block of answer) {
    for (let row = 0; row < block.rows; row++) {
      keys.add(partKey(strings(block, "path").text(row).replace(/\/+$/, "")));
    }
  }
  return keys;
}

/** A name as Prometheus gives it: the time, and letters that make it unique. */
export function snapshotName(nowMs: number): string {
  const time = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, "");
  return `${time}-${crypto.randomUUID().replaceAll("-", "").slice(0, 16)}`;
}
