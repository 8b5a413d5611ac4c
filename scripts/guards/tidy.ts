import { basename } from "node:path";
import { isTestFile, lineOf, type SourceFile, type Violation } from "./source-files.ts";

/** STYLE: about 100 lines, at most 300. */
const MAX_FILE_LINES = 300;

/**
 * Files that are tables, with the reason. The list may only shrink.
 */
const LONG_FILES: Readonly<Record<string, string>> = {
  "packages/dashboard/src/i18n/en.ts": "the catalogue of all texts",
  "packages/dashboard/src/i18n/pt-br.ts": "the catalogue of all texts",
};

const DRAWER = /^(utils?|helpers?|common|misc|types?|shared|base|managers?)\.tsx?$/;
const LEFTOVER = /\b(?:TODO|FIXME|XXX)\b/g;
const ESCAPE = /@ts-(?:ignore|expect-error|nocheck)|\bas any\b/g;
const EXPORT =
  /^export (?:async )?(?:abstract )?(?:function\*?|const|class|interface|type) (\w+)/gm;

/** Broken house rules that the linter does not know. */
export function tidyViolations(files: readonly SourceFile[]): Violation[] {
  return files.filter((file) => /\.tsx?$/.test(file.path)).flatMap(fileViolations);
}

function fileViolations(file: SourceFile): Violation[] {
  const { path, text } = file;
  const found: Violation[] = [];
  if (DRAWER.test(basename(path))) {
    found.push({ path, line: 0, reason: "the name says nothing; name the concept" });
  }
  const lines = text.split("\n").length - 1;
  if (lines > MAX_FILE_LINES && LONG_FILES[path] === undefined && !isTestFile(path)) {
    found.push({ path, line: 0, reason: `${lines} lines, at most ${MAX_FILE_LINES}` });
  }
  if (!path.startsWith("scripts/guards/")) {
    found.push(...matches(file, LEFTOVER, (word) => `leftover ${word}`));
    found.push(...matches(file, ESCAPE, (word) => `type escape ${word}`));
  }
  if (path.startsWith("packages/") && !isTestFile(path)) found.push(...undocumentedExports(file));
  return found;
}

function matches(
  { path, text }: SourceFile,
  pattern: RegExp,
  reason: (word: string) => string,
): Violation[] {
  return [...text.matchAll(pattern)].map(({ 0: word, index }) => ({
    path,
    line: lineOf(text, index),
    reason: reason(word),
  }));
}

/** A declaration that others may use needs a doc comment right above. */
function undocumentedExports({ path, text }: SourceFile): Violation[] {
  const found: Violation[] = [];
  for (const { index, 1: name } of text.matchAll(EXPORT)) {
    const before = text.slice(0, index).trimEnd();
    if (before.endsWith("*/") || isOverload(text, index, name ?? "")) continue;
    found.push({ path, line: lineOf(text, index), reason: `export ${name} has no doc comment` });
  }
  return found;
}

/** The first signature of an overloaded function carries the comment for all. */
function isOverload(text: string, index: number, name: string): boolean {
  return new RegExp(`^export function ${name}\\b`, "m").test(text.slice(0, index));
}
