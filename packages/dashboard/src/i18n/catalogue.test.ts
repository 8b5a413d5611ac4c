import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { PAGE_TEXTS } from "../routes/route-outlet.tsx";
import { allTexts, testTranslate } from "../testing/all-texts.ts";
import type { PluralText } from "./catalogue.ts";
import {
  hasTexts,
  loadLanguage,
  loadTexts,
  TEXT_LOADERS,
  type TextPart,
  textsOf,
} from "./load-texts.ts";

const english = await allTexts("en");
const portuguese = await allTexts("pt-BR");

const forms = (message: string | PluralText | undefined): string[] =>
  message === undefined
    ? []
    : typeof message === "string"
      ? [message]
      : [message.one, message.other];
const fields = (text: string): string[] =>
  [...text.matchAll(/\{\w+\}/g)].map(([field]) => field).sort();

/** Alike in both languages because they are names or words of the trade. */
const SAME_IN_BOTH = new Set([
  "app.name",
  "nav.traces",
  "title.page",
  "title.trace",
  "language.en",
  "language.pt-BR",
  "series.p50",
  "series.p95",
  "series.p99",
  "chart.summary",
  "unit.bytes",
  "traces.title",
  "traces.count",
  "column.trace",
  "column.spans",
  "trace.span",
  "trace.status-ok",
  "anomaly.name-signal",
  "explore.earlier",
  "storage.logs",
]);

describe("the catalogues", () => {
  it("have the same keys", () => {
    expect(Object.keys(portuguese).sort()).toEqual(Object.keys(english).sort());
  });

  it("have the same fields in every form of a text", () => {
    for (const key of Object.keys(english)) {
      const [first = ""] = forms(english[key]).slice(-1);
      for (const form of [...forms(english[key]), ...forms(portuguese[key])])
        expect(fields(form), key).toEqual(fields(first));
    }
  });

  it("are translated", () => {
    const same = Object.keys(english).filter(
      (key) => JSON.stringify(english[key]) === JSON.stringify(portuguese[key]),
    );
    expect(same.filter((key) => !SAME_IN_BOTH.has(key))).toEqual([]);
  });

  it("hold no text that nothing shows", () => {
    const source = readdirSync(join(import.meta.dirname, ".."), {
      recursive: true,
      encoding: "utf8",
    })
      .filter((name) => /\.tsx?$/.test(name) && !name.includes("i18n") && !name.includes(".test."))
      .map((name) => readFileSync(join(import.meta.dirname, "..", name), "utf8"))
      .join("\n");
    const isUsed = (key: string): boolean =>
      source.includes(`"${key}"`) ||
      (key.startsWith("series.p") && source.includes("`series.$" + "{key}`"));
    expect(Object.keys(english).filter((key) => !isUsed(key))).toEqual([]);
  });
});

const SOURCE = join(import.meta.dirname, "..");

/** A file and all that it imports, with what it loads later unless it stops at a page. */
function reached(entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry) || !existsSync(entry) || entry.includes("i18n")) return seen;
  seen.add(entry);
  const imports = /(?:from |import\()"(\.[^"]+\.tsx?)"/g;
  for (const [, name = ""] of readFileSync(entry, "utf8").matchAll(imports))
    if (!name.includes("-route.tsx") && !/command-palette|keyboard-help/.test(name))
      reached(normalize(join(dirname(entry), name)), seen);
  return seen;
}

const ENTRIES: readonly (readonly [string, readonly TextPart[]])[] = [
  ["app.tsx", []],
  ["header/command-palette.tsx", ["dialogs"]],
  ["header/keyboard-help.tsx", ["dialogs"]],
  ...Object.entries(PAGE_TEXTS).map(
    ([page, parts]) => [`routes/${page}-route.tsx`, parts] as const,
  ),
];

describe("a page", () => {
  it.each(ENTRIES)(
    "%s shows no text but those of all pages and of its own parts %j",
    async (entry, parts) => {
      const loaded = await Promise.all(
        (["core", ...parts] as const).map((part) => TEXT_LOADERS.en[part]()),
      );
      const own = Object.assign({}, ...loaded);
      const source = [...reached(join(SOURCE, entry))].map((name) => readFileSync(name, "utf8"));
      const shown = Object.keys(english).filter((key) =>
        source.some((text) => text.includes(`"${key}"`)),
      );
      expect(shown.length).toBeGreaterThan(10);
      expect(shown.filter((key) => !Object.hasOwn(own, key))).toEqual([]);
    },
  );

  it("loads each part of a language once, and another language in all its parts", async () => {
    expect(hasTexts("en", "trace")).toBe(false);
    await loadTexts("en", "trace");
    expect(hasTexts("en", "trace")).toBe(true);
    expect(hasTexts("pt-BR", "trace")).toBe(false);
    await loadLanguage("pt-BR");
    expect([hasTexts("pt-BR", "trace"), hasTexts("pt-BR", "core")]).toEqual([true, true]);
    expect(hasTexts("pt-BR", "explore")).toBe(false);
    expect(textsOf("pt-BR")["trace.back"]).toBe(portuguese["trace.back"]);
  });
});

const en = await testTranslate("en");
const pt = await testTranslate("pt-BR");

describe("createTranslate", () => {
  it("fills fields, and writes numbers as the locale does", () => {
    expect(en("state.loading-what", { what: "x" })).toBe("Loading x…");
    expect(en("traces.count", { count: 1234 })).toBe("1,234 traces");
    expect(pt("traces.count", { count: 1234 })).toBe("1.234 traces");
  });

  it("chooses the plural by the language: 0 is one in Portuguese and other in English", () => {
    expect(en("traces.errors", { count: 0 })).toBe("0 errors");
    expect(pt("traces.errors", { count: 0 })).toBe("0 erro");
    expect(pt("traces.errors", { count: 2 })).toBe("2 erros");
  });

  it("does not read fields that lie in the values", () => {
    expect(en("palette.none", { text: "{count}{text}" })).toBe("Nothing matches “{count}{text}”");
  });
});
