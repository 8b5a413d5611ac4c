import type { CapacityOutlook } from "@avx/server/contract";
import { describe, expect, it } from "vitest";
import { createFormatter } from "../format/formatter.ts";
import { testTranslate } from "../testing/all-texts.ts";
import { basisWords, outlookWords } from "./capacity-words.ts";

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const HOUR_MS = 3_600_000;
const format = createFormatter("en", "UTC");
const words = { t: await testTranslate("en", format), format };
const portuguese = createFormatter("pt-BR", "UTC");
const pt = { t: await testTranslate("pt-BR", portuguese), format: portuguese };

const basis = {
  model: "50 % theta + 30 % drift + 20 % naive",
  level: 0.95,
  untilMs: NOW_MS + 12 * HOUR_MS,
  backtest: {
    ...{ origins: 4, meanAbsoluteError: 1, naiveError: 2, skill: 0.5 },
    meanAbsolutePercentageError: 0.043,
    worstPercentageError: 0.05,
    weightedPercentageError: null,
    coverage: 0.93,
  },
};
const runsOut = {
  kind: "runs-out",
  ...{ ...basis, atMs: NOW_MS + 3 * HOUR_MS },
  earliestMs: NOW_MS + 2 * HOUR_MS,
  latestMs: NOW_MS + 5 * HOUR_MS,
} as const;

const said = (outlook: CapacityOutlook): string => {
  const row = { outlook, limitMetric: "container_memory_limit_bytes" };
  const { line, detail } = outlookWords(row, NOW_MS, words);
  return detail === "" ? line : `${line} | ${detail}`;
};

describe("the words of an outlook", () => {
  it.each([
    [
      "when the forecast meets the limit",
      runsOut,
      /^Runs out in 3 hr \| Between .*14:00.* and .*17:00.* \(95% interval\)$/,
    ],
    [
      "when the lower bound does not meet it",
      { ...runsOut, latestMs: null },
      /^Runs out in 3 hr \| Not before .*14:00/,
    ],
    [
      "when only the upper bound meets it",
      { ...runsOut, atMs: null, latestMs: null },
      /^May run out from .*14:00.* \| The forecast itself holds until/,
    ],
    ["when nothing meets it", { kind: "holds", ...basis }, /^Holds until at least .*00:00/],
    ["when it is over", { kind: "reached" }, /^Has run out$/],
    [
      "how much history is missing",
      { kind: "insufficient-history", haveSamples: 12, neededSamples: 30, stepMs: 60_000 },
      /^Too early to tell: needs 18 min more history \| Has 12 samples, needs 30$/,
    ],
    [
      "why it cannot be told",
      { kind: "refused", reason: "no-better-than-naive" },
      /^Cannot be told \| No forecast: tested on its own past/,
    ],
    [
      "that no limit is known, and what would tell it",
      { kind: "no-limit" },
      /^Its limit is not known \| It would be read from container_memory_limit_bytes$/,
    ],
  ] as const)("say %s", (_, outlook, text) => {
    expect(said(outlook)).toMatch(text);
  });

  it("are Portuguese where the page is", () => {
    expect(outlookWords({ outlook: runsOut, limitMetric: null }, NOW_MS, pt).line).toBe(
      "Acaba em 3 h",
    );
  });
});

describe("the words of its basis", () => {
  it("name the first members, the error on the past and how often the interval held", () => {
    expect(basisWords(runsOut, words)).toEqual({
      line: "50 % theta + 30 % drift and 1 more",
      detail: "Error on the past: 4.30% · the 95% interval held 93% of it",
    });
    const backtest = { ...basis.backtest, meanAbsolutePercentageError: null, coverage: null };
    expect(basisWords({ ...runsOut, backtest }, words)?.detail).toBe("");
  });

  it("are there only with a forecast", () => {
    expect(basisWords({ kind: "reached" }, words)).toBeNull();
  });
});
