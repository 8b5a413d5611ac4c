import { describe, expect, it } from "vitest";
import { createFormatter } from "../format/formatter.ts";
import { testTranslate } from "../testing/all-texts.ts";
import { findingText } from "./data-findings.tsx";

const format = createFormatter("en", "UTC");
const words = { t: await testTranslate("en", format), format };

describe("the words of a finding", () => {
  it.each([
    ["gap", 1, "1 gap"],
    ["reset", 3, "3 resets of counters"],
    ["clock_ahead", 7_400, "Clock 7.4 sec ahead of this server"],
    ["clock_behind", 120_000, "Clock 2 min behind this server"],
    ["refused_series", 1_200, "1,200 samples beyond the limit of series"],
  ] as const)("of %s, %i", (kind, amount, text) => {
    expect(findingText({ kind, amount }, words)).toBe(text);
  });
});
