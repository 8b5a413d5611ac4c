import type { ExplainedAnomaly } from "@avx/server/contract";
import { describe, expect, it } from "vitest";
import { createFormatter } from "../format/formatter.ts";
import { testTranslate } from "../testing/all-texts.ts";
import { byService, explanationSentences, valueSentence } from "./anomaly-explanation.ts";

const T0 = Date.UTC(2026, 10, 24, 14, 1, 0);
const MINUTE_MS = 60_000;

async function wordsIn(language: "en" | "pt-BR") {
  const format = createFormatter(language, "UTC");
  return { format, t: await testTranslate(language, format), nowMs: T0 + 9 * MINUTE_MS };
}
const inBoth = { en: await wordsIn("en"), "pt-BR": await wordsIn("pt-BR") };
const words = (language: "en" | "pt-BR") => inBoth[language];

const anomaly = (given: Partial<ExplainedAnomaly> = {}): ExplainedAnomaly => ({
  ...{ id: "a", service: "cart", signal: "latency", metric: "", timestampMs: T0, endMs: null },
  ...{ value: 0.5, peakValue: 0.812, unit: "s", expectedLower: 0.12, expectedUpper: 0.24 },
  ...{ detector: "Streaming", reason: "jump-up", score: 0.9, threshold: 0.75, feedback: null },
  explanation: { changes: [], related: [], similarCount: 0, similarLastMs: null },
  ...given,
});

describe("the headline of an anomaly", () => {
  it("says how far it went and what was expected, in both languages", () => {
    expect(valueSentence(anomaly(), words("en"))).toMatch(
      /^Latency 812\sms, expected 120\sms to 240\sms for Tuesday,? 14:01$/,
    );
    expect(valueSentence(anomaly(), words("pt-BR"))).toMatch(
      /^Latência em 812\sms, o esperado é de 120\sms a 240\sms para terça-feira,? 14:01$/,
    );
  });

  it("names a metric by its series and says no band where there is none", () => {
    const metric = anomaly({ signal: "metric", metric: "queue{}", unit: "1", expectedLower: null });
    expect(valueSentence(metric, words("en"))).toBe("queue{} 0.812");
  });
});

describe("the explanation of an anomaly", () => {
  const related = { id: "b", service: "shop", signal: "errors", metric: "" } as const;
  const explained = anomaly({
    explanation: {
      changes: [{ id: "d", kind: "deploy", service: "cart", timestampMs: T0, title: "3f2c" }],
      related: [{ ...related, timestampMs: T0, reason: "jump-up", closeness: 0.9 }],
      similarCount: 2,
      similarLastMs: T0 - 111 * MINUTE_MS,
    },
  });

  it("says since when, after which deployment, with what else and how often before", () => {
    const [since, still, deploy, together, similar] = explanationSentences(explained, words("en"));
    expect(since).toMatch(/^since .*, 9\smin$/);
    expect(still).toBe("still open");
    expect(deploy).toMatch(/^since deploy 3f2c \(.*\)$/);
    expect(together).toBe("At the same time: shop Errors");
    expect(similar).toMatch(/^2 earlier on this signal, last .*2.*$/);
  });

  it("says what the signals of the service show together", () => {
    const latency = { signal: "latency", share: 0.61 } as const;
    const errors = { signal: "errors", share: 0.3 } as const;
    const traffic = { signal: "traffic", share: 0.09 } as const;
    const said = (joint: ExplainedAnomaly["joint"], language: "en" | "pt-BR" = "en") =>
      explanationSentences(anomaly({ joint: joint ?? null }), words(language)).at(-1);
    const together = { score: 0.93, shares: [latency, errors, traffic] };
    expect(said(together)).toMatch(
      /^together with the other signals: joint score 0\.930, mainly Latency \(61\s?%\), Errors \(30\s?%\)$/,
    );
    expect(said(together, "pt-BR")).toMatch(/^junto com os outros sinais: .*0,930.*Latência \(61/);
    expect(said({ score: 0.8, shares: [{ ...latency, share: 0.95 }] })).toBe(
      "the other signals look as usual (joint score 0.800)",
    );
    expect(said({ score: 0.2, shares: [] })).toBe(
      "all signals together are no more unusual than before (joint score 0.200)",
    );
    expect(said(null)).toBe("still open");
  });

  it("says no more than it knows", () => {
    const closed = anomaly({ endMs: T0 + MINUTE_MS });
    expect(explanationSentences(closed, words("pt-BR"))).toHaveLength(1);
  });
});

describe("anomalies by service", () => {
  it("puts services with open ones first, then the latest", () => {
    const groups = byService([
      anomaly({ id: "1", service: "a", endMs: T0 + 1, timestampMs: T0 + 9 }),
      anomaly({ id: "2", service: "b", endMs: null }),
      anomaly({ id: "3", service: "c", endMs: T0 + 1, timestampMs: T0 + 5 }),
      anomaly({ id: "4", service: "b", endMs: T0 + 1, timestampMs: T0 - 5 }),
    ]);
    expect(groups.map(({ service, openCount }) => [service, openCount])).toEqual([
      ["b", 1],
      ["a", 0],
      ["c", 0],
    ]);
    expect(groups[0]?.anomalies.map(({ id }) => id)).toEqual(["2", "4"]);
  });
});
