import { AvxError, labelsToRecord } from "@avx/model";
import { describe, expect, it } from "vitest";
import { parseScript } from "./parse-script.ts";
import { runScript } from "./run-script.ts";
import { parseSeriesLine } from "./series-notation.ts";

describe("series notation", () => {
  it("expands repetitions, steps, gaps and stale markers", () => {
    const { labels, values } = parseSeriesLine(
      'm{a="x\\"y", "b c"="d"} 1 2+3x2 -1-1x1 _ _x2 stale inf',
    );
    expect(labelsToRecord(labels)).toEqual({ __name__: "m", a: 'x"y', "b c": "d" });
    const shown = values.map((value) => (value.kind === "float" ? value.value : value.kind));
    const gap = "omitted";
    expect(shown).toEqual([1, 2, 5, 8, -1, -2, gap, gap, gap, "stale", Number.POSITIVE_INFINITY]);
  });

  it("reads a quoted metric name and histograms that grow", () => {
    const { labels, values } = parseSeriesLine(
      '{"a.b"} {{count:1 buckets:[1]}}+{{count:2 buckets:[2]}}x2',
    );
    expect(labelsToRecord(labels)).toEqual({ __name__: "a.b" });
    const counts = values.map((value) => value.kind === "histogram" && value.histogram.count);
    expect(counts).toEqual([1, 3, 5]);
  });

  it.each([
    "",
    "m{a} x",
    "m 1x",
    "m {{count:1",
    "m {{nonsense:1}}",
    "m {{counter_reset_hint:maybe}}",
    "m {{count:1}}+{{count:1}}",
    "m 1x99999999",
  ])("refuses %j", (line) => {
    expect(() => parseSeriesLine(line)).toThrow(AvxError);
  });
});

describe("parseScript", () => {
  it.each([
    ["loads", /line 1.*load/],
    ["load 1 parsec\n  m 1", /line 1/],
    ["\n# comment\nsave 1m", /line 3/],
    ["eval instant at 1m up\n  expect nothing", /line 2/],
    ["load 1m\n  m@st 1m\n", /no following sample line/],
    ["load 1m\n  m@st -1m\n  n 1", /does not match/],
    ["load 1m\n  m@st -1m 1m\n  m 1", /2 values/],
    ["load 1m\n  m@st soon\n  m 1", /no start timestamp/],
  ])("says what is wrong with %j", (text, message) => {
    expect(() => parseScript(text)).toThrow(message);
  });
});

describe("runScript", () => {
  /** The differences that a wrong expectation must give. */
  async function differences(expectations: string): Promise<readonly (string | undefined)[]> {
    const script = `load 1m\n  m{a="1"} 1 2\n  m{a="2"} 3 4\n  h {{count:1 buckets:[1]}}\n\n${expectations}`;
    const outcomes = await runScript(parseScript(script), { experimentalFunctions: true });
    return outcomes.map(({ difference }) => difference);
  }

  it.each([
    ['eval instant at 0 m\n  m{a="1"} 1', "unexpected"],
    ['eval instant at 0 m{a="1"}\n  m{a="1"} 1\n  m{a="3"} 1', "expected"],
    ['eval instant at 0 m{a="1"}\n  m{a="1"} 2', "expected 2, got 1"],
    ['eval instant at 0 sort_desc(m)\n  expect ordered\n  m{a="1"} 1\n  m{a="2"} 3', "position"],
    ["eval instant at 0 1\n  2", "expected 2, got 1"],
    ["eval instant at 0 m\n  2", "expected a scalar"],
    ["eval instant at 0 1\n  m 1", "expected no scalar"],
    ['eval instant at 0 "a"\n  expect string "b"', "expected string b"],
    ["eval instant at 0 m\n  expect fail", "expected an error"],
    ["eval instant at 0 label_join(m, '', '')\n  expect fail msg: other", "expected the error"],
    ["eval instant at 0 label_join(m, '', '')\n  1", "error:"],
    ["eval instant at 0 sum(m)\n  expect warn\n  {} 4", "expected the warning"],
    ["eval instant at 0 rate(m[1m])\n  expect no_info", undefined],
    ["eval instant at 1m rate(m[2m])\n  expect no_info", "unexpected info"],
    ["eval instant at 0 quantile(2, m)\n  expect no_warn\n  {} +Inf", "unexpected warning"],
    ["eval instant at 0 h\n  h {{count:2 buckets:[2]}}", "expected {count:2"],
    ["eval instant at 0 h\n  h 1", "expected 1"],
    ['eval range from 0 to 1m step 1m m{a="1"}\n  m{a="1"} 1', "expected 1 points"],
    ['eval range from 0 to 1m step 1m m{a="1"}\n  m{a="1"} 1 3', "at 60000: expected 3, got 2"],
    ['eval range from 0 to 1m step 1m m{a="1"}\n  m{a="2"} 1 2', "unexpected"],
  ])("finds the fault in %j", async (expectations, difference) => {
    const [found] = await differences(expectations);
    if (difference === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(difference);
  });
});
