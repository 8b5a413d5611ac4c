import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { autoForecast, evenlySpaced } from "@avx/analysis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runForecast } from "./forecast-command.ts";
import { forecastPlot } from "./forecast-plot.ts";

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2024, 0, 1);
/** Hours of a week, with a day's wave that no day repeats exactly. */
const VALUES = Array.from(
  { length: 168 },
  (_, i) => 100 + 30 * Math.sin((2 * Math.PI * i) / 24) + 2 * Math.sin(i ** 2),
);

let folder = "";
const file = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "avx-forecast-"));
  const rows = VALUES.map((v, i) => `${new Date(START_MS + i * HOUR_MS).toISOString()},${v},7`);
  writeFileSync(file("week.csv"), ["time,load,flat", ...rows].join("\n"));
  writeFileSync(file("short.csv"), "1\n2\n");
  writeFileSync(file("bad.csv"), "time,load\n1,2\n2,x\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("avx forecast", () => {
  it("prints model, past error, a table of all steps and a plot", async () => {
    const { text, isRefused } = await runForecast([file("week.csv"), "--horizon", "24"]);
    expect(isRefused).toBe(false);
    expect(text).toMatch(/^load: 168 samples\nmodel: .+\nseasons: 24\non the past: mean error/);
    expect(text).toMatch(/\d+ % within the 95 % bounds \(\d origins\)/);
    expect(text).toContain("2024-01-08 00:00Z");
    expect(text).toContain("2024-01-08 23:00Z");
    expect(text).not.toContain("2024-01-09");
    expect(text.split("\n").filter((line) => line.includes("|")).length).toBe(12);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(110);
  });

  it("prints what the library says", async () => {
    const { text } = await runForecast([
      ...[file("week.csv"), "--horizon", "3", "--season", "24", "--level", "0.8", "--json"],
    ]);
    const series = evenlySpaced(VALUES, { stepMs: HOUR_MS, startMs: START_MS });
    const expected = autoForecast(series, { horizon: 3, level: 0.8, seasonSamples: [24] });
    if (expected.kind !== "forecast") throw new Error(expected.reason);
    const printed = JSON.parse(text);
    expect(printed.mean).toEqual([...expected.mean]);
    expect(printed.upper).toEqual([...expected.upper]);
    expect(printed.model).toBe(expected.model);
  });

  it("forecasts another column, and numbers steps where there is no time", async () => {
    const flat = await runForecast([file("week.csv"), "--horizon", "2", "--column", "flat"]);
    expect(flat.text).toContain("model: constant");
    expect(flat.text).toMatch(/2024-01-08 01:00Z +7 +7 +7/);
    writeFileSync(file("plain.csv"), VALUES.join("\n"));
    const plain = await runForecast([file("plain.csv"), "--horizon", "24"]);
    expect(plain.text).toMatch(/^ *\+24 /m);
  });

  it("says why there is no forecast", async () => {
    const { text, isRefused } = await runForecast([file("short.csv"), "--horizon", "2"]);
    expect(isRefused).toBe(true);
    expect(text).toContain("no forecast: there are too few samples, at least 4 are needed");
  });

  it.each([
    [[], "FILE.csv: no file given"],
    [["week.csv"], "--horizon: is needed"],
    [["week.csv", "--horizon", "0"], '--horizon: "0" is not a whole number from 1 to 10000'],
    [["week.csv", "--horizon", "-4"], /^command line: [^\n]+$/],
    [["week.csv", "--horizon", "4", "--season", "day"], '--season: "day" is not a whole number'],
    [["week.csv", "--horizon", "4", "--level", "95"], '--level: "95" is not a number between'],
    [["week.csv", "--horizon", "4", "--column", "x"], '--column: the file has no column "x"'],
    [["week.csv", "other.csv", "--horizon", "4"], "FILE.csv: one file"],
    [["none.csv", "--horizon", "4"], "ENOENT"],
    [["week.csv", "--horizon", "4", "--speed"], "command line: Unknown option '--speed'"],
    [["bad.csv", "--horizon", "4"], 'cannot decode CSV: line 3: "x" is not a number'],
  ])("answers %j with what is wrong", async (argv, reason) => {
    const paths = argv.map((word) => (word.endsWith(".csv") ? file(word) : word));
    await expect(runForecast(paths)).rejects.toThrow(reason);
  });
});

describe("forecastPlot", () => {
  it("draws low values low, and the forecast after the line", () => {
    const column = (...values: number[]) => Float64Array.from(values);
    const text = forecastPlot({
      history: column(0, 11),
      mean: column(5),
      lower: column(0),
      upper: column(11),
    });
    const lines = text.split("\n");
    expect(lines[0]).toBe("        11  *|.");
    expect(lines[11]).toBe("         0 * |.");
    expect(lines.filter((line) => line.endsWith("o"))).toHaveLength(1);
  });
});
