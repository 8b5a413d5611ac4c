import { LanguageType, promQLLanguage } from "@prometheus-io/codemirror-promql";
import { describe, expect, it } from "vitest";
import { type BuilderQuery, EMPTY_QUERY, writeBuilderQuery } from "./builder-query.ts";
import { readBuilderQuery } from "./read-builder-query.ts";

const query = (some: Partial<BuilderQuery>): BuilderQuery => ({ ...EMPTY_QUERY, ...some });

/** What the builder shows, and the PromQL that it writes. */
const PAIRS: readonly (readonly [string, BuilderQuery])[] = [
  ["", EMPTY_QUERY],
  ["up", query({ metric: "up" })],
  ["job:x:rate5m", query({ metric: "job:x:rate5m" })],
  ['{"a.b c"}', query({ metric: "a.b c" })],
  [
    'up{job="a\\"\\\\\\n", "x.y"=~"b.*"}',
    query({
      metric: "up",
      matchers: [
        { label: "job", operator: "=", value: 'a"\\\n' },
        { label: "x.y", operator: "=~", value: "b.*" },
      ],
    }),
  ],
  ['{job!~"a"}', query({ matchers: [{ label: "job", operator: "!~", value: "a" }] })],
  ["rate(x_total[1m])", query({ metric: "x_total", call: "rate", window: "1m" })],
  ["avg_over_time(x[1h30m])", query({ metric: "x", call: "avg_over_time", window: "1h30m" })],
  ["max(x)", query({ metric: "x", aggregation: "max" })],
  [
    'sum by (job, "a.b") (increase(x[5m]))',
    query({ metric: "x", call: "increase", aggregation: "sum", by: ["job", "a.b"] }),
  ],
  [
    "histogram_quantile(0.99, sum by (le, job) (rate(x_bucket[5m])))",
    query({
      metric: "x_bucket",
      call: "histogram_quantile",
      quantile: 0.99,
      aggregation: "sum",
      by: ["job"],
    }),
  ],
  [
    "histogram_quantile(0.5, rate(x_bucket[5m]))",
    query({ metric: "x_bucket", call: "histogram_quantile", quantile: 0.5 }),
  ],
  [
    "histogram_quantile(0.95, sum by (job) (rate(native[5m])))",
    query({ metric: "native", call: "histogram_quantile", aggregation: "sum", by: ["job"] }),
  ],
  ["sum(sum)", query({ metric: "sum", aggregation: "sum" })],
  ['rate{a="b"}', query({ metric: "rate", matchers: [{ label: "a", operator: "=", value: "b" }] })],
];

function grammarErrors(text: string): number {
  let errors = 0;
  promQLLanguage(LanguageType.PromQL)
    .parser.parse(text)
    .iterate({
      enter: ({ type }) => {
        if (type.isError) errors++;
      },
    });
  return errors;
}

describe("writeBuilderQuery and readBuilderQuery", () => {
  it.each(PAIRS)("agree about %s", (text, meant) => {
    expect(writeBuilderQuery(meant)).toBe(text);
    expect(readBuilderQuery(text)).toEqual({ kind: "read", query: meant });
  });

  it.each(PAIRS.slice(1))("write what Prometheus' own grammar takes: %s", (text) => {
    expect(grammarErrors(text)).toBe(0);
  });

  it("leave out a condition that has no label yet", () => {
    const half = { label: "", operator: "=", value: "a" } as const;
    expect(writeBuilderQuery(query({ metric: "up", matchers: [half] }))).toBe("up");
    expect(writeBuilderQuery(query({ call: "rate", matchers: [half] }))).toBe("");
  });
});

describe("readBuilderQuery", () => {
  it.each([
    ["sum(rate(x[5m])) by (job)", "sum by (job) (rate(x[5m]))"],
    ["  sum  by(job,)(\n rate( x [5m] ) )", "sum by (job) (rate(x[5m]))"],
    ["up{job='a',}", 'up{job="a"}'],
    ["up{job=`a\\d`}", 'up{job="a\\\\d"}'],
    ["up{}", "up"],
    [
      "histogram_quantile(.9, sum(rate(x_bucket[5m])) by (job, le))",
      "histogram_quantile(0.9, sum by (le, job) (rate(x_bucket[5m])))",
    ],
  ])("reads other layouts: %s", (text, normal) => {
    const reading = readBuilderQuery(text);
    expect(reading.kind === "read" && writeBuilderQuery(reading.query)).toBe(normal);
  });

  it.each([
    ["a + b", "+"],
    ["sum without (job) (x)", "without"],
    ["topk(5, x)", "("],
    ["rate(x[5m] offset 1h)", "offset"],
    ["rate(x[5m:1m])", ":1m"],
    ["x[5m]", "["],
    ["x # why", "#"],
    ["-x", "-"],
    ["sum(max(x))", "("],
    ["rate(rate(x[5m]))", "rate"],
    ["histogram_quantile(0.9, sum by (job) (rate(x_bucket[5m])))", "by"],
    ["histogram_quantile(2, rate(x[5m]))", "2"],
    ["histogram_quantile(0.9, x)", ")"],
    ['up{job="a" or job="b"}', "or"],
    ['up{job="\\x41"}', '"\\x41"'],
    ["{}", ""],
    ["sum(x", ""],
    ["up{job=", ""],
    ["rate(x[5])", "5"],
    ['"text"', '"text"'],
    ["1", "1"],
  ])("has no field for a part of %s, and says for which", (text, near) => {
    expect(readBuilderQuery(text)).toEqual({ kind: "unreadable", near });
  });
});
