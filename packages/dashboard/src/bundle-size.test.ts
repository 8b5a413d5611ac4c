import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** 120 kB for the first page and 250 kB for all are allowed; we hold ourselves to half of the first. */
const FIRST_PAGE_BYTES = 66_000;
/** Its table, which is drawn before the charts are loaded. */
const FIRST_TABLE_BYTES = 36_000;
const WHOLE_APP_BYTES = 250_000;
/** The PromQL editor, loaded by the metrics page alone. */
const EDITOR_PREFIX = "promql-editor-";
const WITHOUT_EDITOR_BYTES = 125_000;

let out = "";
beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), "avx-dashboard-"));
  await build({
    configFile: join(import.meta.dirname, "..", "vite.config.ts"),
    logLevel: "error",
    build: { outDir: out },
  });
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

const read = (name: string): string => readFileSync(join(out, name), "utf8");
const gzipBytes = (name: string): number => gzipSync(read(name), { level: 9 }).byteLength;
const sum = (names: Iterable<string>): number =>
  [...names].reduce((bytes, name) => bytes + gzipBytes(name), 0);

/** A script and all that it imports at once. */
function withImports(entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const [, name] of read(entry).matchAll(/(?:import|from)\s*["']\.\/([\w.-]+\.js)["']/g))
    withImports(`assets/${name}`, seen);
  return seen;
}

function chunk(prefix: string): string {
  return `assets/${readdirSync(join(out, "assets")).find((name) => name.startsWith(prefix) && name.endsWith(".js"))}`;
}

describe("the built page", () => {
  it("keeps the first page, its charts included, within its budget in either language", () => {
    const first = new Set<string>();
    const texts = ["en-core-", "pt-br-core-"].sort(
      (a, b) => gzipBytes(chunk(b)) - gzipBytes(chunk(a)),
    );
    for (const prefix of ["index-", ...texts.slice(0, 1), "services-route-", "services-charts-"])
      withImports(chunk(prefix), first);
    expect(
      [...first].some((name) => gzipBytes(name) > 20_000),
      "uPlot is counted",
    ).toBe(true);
    expect(sum(first)).toBeLessThan(FIRST_PAGE_BYTES);
  });

  it("keeps all scripts and styles within theirs, and most of it is the editor's", () => {
    const all = readdirSync(join(out, "assets")).map((name) => `assets/${name}`);
    const withoutEditor = all.filter((name) => !name.startsWith(`assets/${EDITOR_PREFIX}`));
    expect(withoutEditor.length).toBe(all.length - 1);
    expect(sum(withoutEditor)).toBeLessThan(WITHOUT_EDITOR_BYTES);
    expect(sum(all)).toBeLessThan(WHOLE_APP_BYTES);
  });

  it("leaves out of the first page what only other pages need", () => {
    const first = [...withImports(chunk("services-route-"), withImports(chunk("index-")))];
    expect(sum(first)).toBeLessThan(FIRST_TABLE_BYTES);
    for (const part of [
      EDITOR_PREFIX,
      "explore-route-",
      "capacity-route-",
      "service-route-",
      "traces-route-",
      "trace-route-",
      "en-",
      "pt-br-",
      "command-palette-",
      "keyboard-help-",
    ])
      expect(first.filter((name) => name.startsWith(`assets/${part}`))).toEqual([]);
  });

  it("has no script, style or handler inside of its document, and hashed files only", () => {
    const html = read("index.html");
    expect(html).not.toMatch(/<style|style=|<script(?![^>]*\ssrc=)|\son\w+=|javascript:/i);
    for (const name of readdirSync(join(out, "assets")))
      expect(name).toMatch(/-[\w-]{8}\.(?:js|css)$/);
  });
});
