import { existsSync } from "node:fs";
import { join } from "node:path";
import { ERROR_TABLE } from "@avx/model";
import { describe, expect, it } from "vitest";
import { directDependencies, docsViolations, listViolations } from "./docs.ts";
import { repositoryFiles } from "./source-files.ts";

const ROOT = join(import.meta.dirname, "../..");
const inRepository = (path: string): boolean => existsSync(join(ROOT, path));
const page = (path: string) => {
  const found = repositoryFiles([path]).find((file) => file.path === path);
  if (found === undefined) throw new Error(`${path} is missing`);
  return found;
};
const ROW = /^\| `([^`]+)` \|/gm;

describe("documentation", () => {
  it("has no dead link and names no path that is gone", () => {
    const pages = repositoryFiles([".md"]);
    expect(pages.length).toBeGreaterThan(10);
    expect(docsViolations(pages, inRepository)).toEqual([]);
  });

  it("explains every error code, and none that is gone", () => {
    const names = new Set(Object.keys(ERROR_TABLE));
    const errors = page("docs/reference/errors.md");
    expect(listViolations({ page: errors, names, row: ROW, what: "code" })).toEqual([]);
  });

  it("gives a reason for every direct dependency, and for none that is gone", () => {
    const names = directDependencies(repositoryFiles(["package.json"]));
    const list = page("docs/reference/dependencies.md");
    expect(listViolations({ page: list, names, row: ROW, what: "dependency" })).toEqual([]);
  });
});

describe("documentation guard", () => {
  const text = "See [a](gone.md), [b](../kept.md), [c](https://x.y) and `packages/gone/src`.";
  it("finds planted dead links and paths", () => {
    const found = docsViolations([{ path: "docs/page.md", text }], (path) => path === "kept.md");
    expect(found.map((violation) => violation.reason)).toEqual([
      "dead link gone.md",
      "no such path packages/gone/src",
    ]);
  });

  it("finds a planted missing row and a planted left-over row", () => {
    const names = new Set(["a", "b"]);
    const listed = { path: "list.md", text: "| `a` | x |\n| `c` | y |\n" };
    const found = listViolations({ page: listed, names, row: ROW, what: "code" });
    expect(found.map((violation) => violation.reason)).toEqual([
      "code b is not listed",
      "code c does not exist",
    ]);
  });

  it("does not count our own workspaces as dependencies", () => {
    const manifests = [
      { path: "a", text: `{"name":"@avx/a","dependencies":{"@avx/b":"*","x":"1"}}` },
      { path: "b", text: `{"name":"@avx/b","devDependencies":{"y":"1"}}` },
    ];
    expect([...directDependencies(manifests)]).toEqual(["x", "y"]);
  });
});
