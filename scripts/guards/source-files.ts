import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A file of the repository, its path relative to the root with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** One broken rule at one place. */
export interface Violation {
  readonly path: string;
  /** From 1; 0 = the file as a whole. */
  readonly line: number;
  readonly reason: string;
}

const ROOT = join(import.meta.dirname, "../..");

/** All files git knows or would add, whose name ends with one of `endings`. */
export function repositoryFiles(endings: readonly string[]): SourceFile[] {
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  return listed
    .split("\n")
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .flatMap((path) => readIfPresent(path));
}

function readIfPresent(path: string): SourceFile[] {
  try {
    return [{ path, text: readFileSync(join(ROOT, path), "utf8") }];
  } catch {
    return []; // Deleted in the work tree, but still in git's list.
  }
}

/** Tests and what only tests use: some rules do not hold there. */
export function isTestFile(path: string): boolean {
  return /\.test\.tsx?$|\/testing\/|\/fixtures\/|^e2e\/|^scripts\/|^bench\//.test(path);
}

/** The line (from 1) of a character offset. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
