import { existsSync } from "node:fs";
import { mkdir, open, readdir, rm } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { AvxError } from "@avx/model";
import { lockDirectory } from "../embedded/directory-lock.ts";
import { listTree, placeEntry } from "./file-tree.ts";
import { type BackedUpFile, describeFile, writeManifest } from "./manifest.ts";
import { requestSnapshot } from "./snapshot-requests.ts";

/** What of a data directory is data; the rest is made anew at each start. */
const DATA_FOLDERS = new Set(["engine", "wal"]);

/** From where to where. */
export interface BackupOptions {
  readonly dataDir: string;
  /** A folder that does not exist or is empty. */
  readonly to: string;
  readonly nowMs: number;
}

/** What was copied. */
export interface BackupResult {
  readonly files: number;
  readonly bytes: number;
  /** Whether a server had the directory meanwhile. */
  readonly isOnline: boolean;
}

/**
 * Copies a data directory with checksums: of a running server by way of a snapshot that it makes on
 * request, of a stopped one as it lies there. Everything that was acknowledged before the call is in
 * it. Throws `invalid_config` for wrong folders, `store_unavailable` when there is no snapshot.
 */
export async function backUp({ dataDir, to, nowMs }: BackupOptions): Promise<BackupResult> {
  if (!existsSync(join(dataDir, "engine"))) {
    throw new AvxError("invalid_config", {
      option: "--data-dir",
      reason: `${dataDir} holds no data`,
    });
  }
  requireOutside(dataDir, to);
  await requireEmpty("--to", to);
  const release = lockUnlessTaken(dataDir);
  const snapshot = release ? undefined : await requestSnapshot(dataDir, nowMs);
  try {
    const files = await copyData(snapshot ?? dataDir, join(to, "data"));
    await writeManifest(to, nowMs, files);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return { files: files.length, bytes, isOnline: snapshot !== undefined };
  } finally {
    if (snapshot) await rm(snapshot, { recursive: true, force: true });
    release?.();
  }
}

/** A backup that lies in what it copies would be a part of each later one, and be lost with it. */
function requireOutside(dataDir: string, to: string): void {
  const [first] = relative(resolve(dataDir), resolve(to)).split(sep);
  if (first === "..") return;
  throw new AvxError("invalid_config", {
    option: "--to",
    reason: `${to} lies in the data directory`,
  });
}

/** Throws `invalid_config` when the folder exists and is not empty. */
export async function requireEmpty(option: string, folder: string): Promise<void> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  if (names.length === 0) return;
  throw new AvxError("invalid_config", { option, reason: `${folder} is not empty` });
}

/** `undefined` when another process has the directory. */
function lockUnlessTaken(dataDir: string): (() => void) | undefined {
  try {
    return lockDirectory(dataDir);
  } catch (error) {
    const isTaken = error instanceof AvxError && String(error.facts["reason"]).includes("process");
    if (isTaken) return undefined;
    throw error;
  }
}

async function copyData(from: string, to: string): Promise<BackedUpFile[]> {
  const isLeftOut = (path: string): boolean => !DATA_FOLDERS.has(path.split("/")[0] ?? "");
  const entries = (await listTree(from, isLeftOut)).filter(({ path }) => path.includes("/"));
  await mkdir(to, { recursive: true });
  const files: BackedUpFile[] = [];
  for (const entry of entries) {
    await placeEntry(entry, from, { to, how: "copy" });
    if (entry.link === undefined) await syncFile(join(to, entry.path));
    files.push(await describeFile(to, entry));
  }
  return files;
}

/** Makes a copied file survive a power loss. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
