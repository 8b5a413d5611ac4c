import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFormatter } from "../format/formatter.ts";
import type { PluralText } from "./catalogue.ts";
import { EN } from "./en.ts";
import { PT_BR } from "./pt-br.ts";
import { createTranslate } from "./translate.ts";

const english: Readonly<Record<string, string | PluralText>> = EN;
const portuguese: Readonly<Record<string, string | PluralText>> = PT_BR;

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

describe("createTranslate", () => {
  const en = createTranslate("en", createFormatter("en", "UTC"));
  const pt = createTranslate("pt-BR", createFormatter("pt-BR", "UTC"));

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
