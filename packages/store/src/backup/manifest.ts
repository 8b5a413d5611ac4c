import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { AvxError } from "@avx/model";

const MANIFEST = "manifest.json";

/** Raised when the layout of a backup changes. */
const BACKUP_VERSION = 1;

/** One file of a backup. */
export interface BackedUpFile {
  /** Below `data`. */
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 in hex; of a symbolic link, of where it points. */
  readonly sha256: string;
  readonly link?: string;
}

/** What a backup must hold; written last, so that a backup without it is not whole. */
export interface Manifest {
  readonly version: number;
  readonly createdMs: number;
  readonly files: readonly BackedUpFile[];
}

/** Says what the file is now. */
export async function describeFile(
  folder: string,
  { path, link }: { readonly path: string; readonly link?: string },
): Promise<BackedUpFile> {
  const hash = createHash("sha256");
  if (link !== undefined) return { path, bytes: 0, sha256: hash.update(link).digest("hex"), link };
  let bytes = 0;
  for await (const chunk of createReadStream(join(folder, path))) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { path, bytes, sha256: hash.digest("hex") };
}

/** Writes the manifest durably. */
export async function writeManifest(
  backup: string,
  createdMs: number,
  files: readonly BackedUpFile[],
): Promise<void> {
  const manifest: Manifest = { version: BACKUP_VERSION, createdMs, files };
  const file = await open(join(backup, MANIFEST), "wx");
  try {
    await file.writeFile(JSON.stringify(manifest));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Throws `invalid_config` when the folder holds no whole backup of a version that we know. */
export async function readManifest(backup: string): Promise<Manifest> {
  const refused = (reason: string): AvxError =>
    new AvxError("invalid_config", { option: "--from", reason: `${backup} ${reason}` });
  let text: string;
  try {
    text = await readFile(join(backup, MANIFEST), "utf8");
  } catch (cause) {
    throw new AvxError(
      "invalid_config",
      { option: "--from", reason: `${backup} holds no whole backup: it has no ${MANIFEST}` },
      { cause },
    );
  }
  try {
    // Proof of the `as`: the version is looked at first, and writeManifest wrote the rest.
    const manifest = JSON.parse(text) as Manifest;
    if (manifest.version === BACKUP_VERSION && Array.isArray(manifest.files)) return manifest;
  } catch {
    throw refused(`has a ${MANIFEST} that cannot be read`);
  }
  throw refused("is a backup of a version that this program does not know");
}

/** Throws `invalid_config` that names the first file which is not what the manifest says. */
export async function verifyBackup(backup: string, { files }: Manifest): Promise<void> {
  for (const expected of files) {
    const { path } = expected;
    const isSafe = !path.split("/").includes("..") && !path.startsWith("/");
    const found = isSafe ? await foundFile(join(backup, "data"), expected) : undefined;
    if (found?.sha256 === expected.sha256 && found.bytes === expected.bytes) continue;
    const what = found === undefined ? "is missing" : "is damaged: its checksum is another";
    throw new AvxError("invalid_config", { option: "--from", reason: `${path} ${what}` });
  }
}

async function foundFile(
  folder: string,
  { path, link }: BackedUpFile,
): Promise<BackedUpFile | undefined> {
  try {
    if (link === undefined) return await describeFile(folder, { path });
    return await describeFile(folder, { path, link: await readlink(join(folder, path)) });
  } catch {
    return undefined;
  }
}
