import { copyFile, link, mkdir, readdir, readlink, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";

/** One entry below a folder: a file, or a symbolic link with where it points. */
export interface TreeEntry {
  /** Relative to the folder. */
  readonly path: string;
  readonly link?: string;
}

/** All files and links below the folder, sorted; folders for which `isLeftOut` are not entered. */
export async function listTree(
  folder: string,
  isLeftOut: (path: string) => boolean = () => false,
): Promise<TreeEntry[]> {
  const found: TreeEntry[] = [];
  const walk = async (below: string): Promise<void> => {
    const entries = await readdir(join(folder, below), { withFileTypes: true });
    for (const entry of entries) {
      const path = join(below, entry.name);
      if (entry.isSymbolicLink()) found.push({ path, link: await readlink(join(folder, path)) });
      else if (entry.isFile()) found.push({ path });
      else if (entry.isDirectory() && !isLeftOut(path)) await walk(path);
    }
  };
  await walk("");
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** How an entry comes to its new place: a hard link shares the bytes of a file that never changes. */
export type PlaceFile = "copy" | "hardLink";

/** Puts the entry at the same path below another folder, whose subfolders are made as needed. */
export async function placeEntry(
  entry: TreeEntry,
  from: string,
  { to, how }: { readonly to: string; readonly how: PlaceFile },
): Promise<void> {
  const target = join(to, entry.path);
  await mkdir(dirname(target), { recursive: true });
  if (entry.link !== undefined) await symlink(entry.link, target);
  else if (how === "hardLink") await link(join(from, entry.path), target);
  else await copyFile(join(from, entry.path), target);
}
