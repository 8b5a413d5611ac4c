import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { AvxError } from "@avx/model";
import { lockDirectory } from "../embedded/directory-lock.ts";
import { requireEmpty, syncFile } from "./back-up.ts";
import { placeEntry } from "./file-tree.ts";
import { readManifest, verifyBackup } from "./manifest.ts";

/** Holds what has been copied while a restore goes on; a store does not open beside it. */
const RESTORING = "restoring";

/** From where to where. */
export interface RestoreOptions {
  readonly from: string;
  /** A folder that does not exist or is empty. */
  readonly dataDir: string;
}

/**
 * Makes a data directory of a backup, whose every checksum is verified first. Throws `invalid_config`
 * when the backup is not whole or the target is not empty; nothing is written then.
 */
export async function restore({ from, dataDir }: RestoreOptions): Promise<{ files: number }> {
  const manifest = await readManifest(from);
  await requireEmpty("--data-dir", dataDir);
  await verifyBackup(from, manifest);
  const release = lockDirectory(dataDir);
  const partial = join(dataDir, RESTORING);
  try {
    await mkdir(partial);
    for (const entry of manifest.files) {
      await placeEntry(entry, join(from, "data"), { to: partial, how: "copy" });
      if (entry.link === undefined) await syncFile(join(partial, entry.path));
    }
    for (const folder of await readdir(partial)) {
      await rename(join(partial, folder), join(dataDir, folder));
    }
    await rm(partial, { recursive: true });
    return { files: manifest.files.length };
  } finally {
    release();
  }
}

/** Throws `data_dir_unusable` when a restore into the directory did not come to its end. */
export function refuseHalfRestored(dataDir: string): void {
  if (!existsSync(join(dataDir, RESTORING))) return;
  const reason = "a restore into it was interrupted; empty it and restore again";
  throw new AvxError("data_dir_unusable", { path: dataDir, reason });
}
