import { dirname, join, normalize } from "node:path/posix";
import { lineOf, type SourceFile, type Violation } from "./source-files.ts";

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;
/** A path in backticks that names a folder of ours; placeholders (NAME, *, {x}) and what is built are not checked. */
const CODE_PATH = /`((?:packages|services|scripts|bench|docs|e2e|examples|\.ci)\/[^`\s]*)`/g;
const PLACEHOLDER = /[*{}<>]|\/dist\b|\b[A-Z]{2,}\b(?!\.md)/;

/** Links and paths in Markdown that lead nowhere. `exists` is asked with paths relative to the root. */
export function docsViolations(
  files: readonly SourceFile[],
  exists: (path: string) => boolean,
): Violation[] {
  return files.flatMap(({ path, text }) => {
    const dead: Violation[] = [];
    for (const { index, 1: target = "" } of text.matchAll(LINK)) {
      if (/^(?:https?:|mailto:|#)/.test(target)) continue;
      const file = normalize(join(dirname(path), decodeURI(target.split("#")[0] ?? "")));
      if (!exists(file))
        dead.push({ path, line: lineOf(text, index), reason: `dead link ${target}` });
    }
    for (const { index, 1: target = "" } of text.matchAll(CODE_PATH)) {
      if (PLACEHOLDER.test(target) || exists(target.replace(/\/$/, ""))) continue;
      dead.push({ path, line: lineOf(text, index), reason: `no such path ${target}` });
    }
    return dead;
  });
}

/** Names that one page must list, both ways: missing rows and rows for what is gone. */
export function listViolations(options: {
  readonly page: SourceFile;
  readonly names: ReadonlySet<string>;
  /** Its first group is the listed name. */
  readonly row: RegExp;
  readonly what: string;
}): Violation[] {
  const { page, names, row, what } = options;
  const listed = new Set([...page.text.matchAll(row)].map((match) => match[1] ?? ""));
  const problem = (reason: string): Violation => ({ path: page.path, line: 0, reason });
  return [
    ...[...names]
      .filter((name) => !listed.has(name))
      .map((name) => problem(`${what} ${name} is not listed`)),
    ...[...listed]
      .filter((name) => !names.has(name))
      .map((name) => problem(`${what} ${name} does not exist`)),
  ];
}

/** Direct dependencies of all package.json files, without our own workspaces. */
export function directDependencies(manifests: readonly SourceFile[]): Set<string> {
  const parsed = manifests.map(({ text }) => JSON.parse(text));
  const own = new Set(parsed.map((manifest) => manifest.name));
  const names = parsed.flatMap((manifest) =>
    ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"].flatMap(
      (kind) => Object.keys(manifest[kind] ?? {}),
    ),
  );
  return new Set(names.filter((name) => !own.has(name)));
}
