import { describe, expect, it } from "vitest";
import { createFormatter, NO_VALUE } from "./formatter.ts";
import { timeTickLabels } from "./time-ticks.ts";
import { decimalsFor, magnitudeOf } from "./units.ts";

const en = createFormatter("en", "UTC");
const pt = createFormatter("pt-BR", "America/Sao_Paulo");
const plain = (text: string): string => text.replace(/[\u202f\u00a0]/g, " ");

describe("quantities", () => {
  it("have three digits, their unit and the locale's marks", () => {
    const cases = [
      [0.0123, "s", "12.3 ms", "12,3 ms"],
      [0.000072, "s", "72.0 µs", "72,0 µs"],
      [75, "s", "75.0 s", "75,0 s"],
      [1234.5, "1/s", "1,235 /s", "1.235 /s"],
      [25_000, "1/s", "25.0 k/s", "25,0 k/s"],
      [0.1288, "ratio", "12.9%", "12,9%"],
      [0.000123, "ratio", "0.01%", "0,01%"],
      [1, "ratio", "100%", "100%"],
      [0, "s", "0 ms", "0 ms"],
      [3_000_000_000, "By", "3.00 GB", "3,00 GB"],
    ] as const;
    for (const [value, unit, english, portuguese] of cases) {
      expect(plain(en.quantity(value, unit))).toBe(english);
      expect(plain(pt.quantity(value, unit))).toBe(portuguese);
    }
  });

  it("are a dash when there is none", () => {
    expect(en.quantity(null, "s")).toBe(NO_VALUE);
    expect(en.quantity(Number.NaN, "s")).toBe(NO_VALUE);
    expect(en.quantity(Number.POSITIVE_INFINITY, "1/s")).toBe(NO_VALUE);
  });

  it("share one magnitude on a chart", () => {
    const magnitude = magnitudeOf("s", 0.2);
    expect(plain(en.scaled(0.0005, magnitude))).toBe("0.500 ms");
    expect(plain(en.scaled(0.2, magnitude))).toBe("200 ms");
  });
});

describe("decimalsFor", () => {
  it.each([
    [0.30000000000000004, 3],
    [9.99, 2],
    [10, 1],
    [123, 0],
    [123_456, 0],
    [1e-9, 4],
    [0, 0],
    [Number.NaN, 0],
  ])("of %d is %d", (value, decimals) => {
    expect(decimalsFor(value)).toBe(decimals);
  });
});

describe("tick labels", () => {
  it("have only the digits that tell ticks apart", () => {
    const ms = magnitudeOf("s", 0.2);
    expect([0, 0.05, 0.1].map((tick) => plain(en.tick(tick, 0.05, ms)))).toEqual([
      "0 ms",
      "50 ms",
      "100 ms",
    ]);
    const percent = magnitudeOf("ratio", 0.01);
    expect([0, 0.0025, 0.005].map((tick) => pt.tick(tick, 0.0025, percent))).toEqual([
      "0,00%",
      "0,25%",
      "0,50%",
    ]);
  });

  it("of time give seconds only when needed, and the day once", () => {
    const start = Date.parse("2026-11-24T23:30:00Z");
    const half = [0, 1, 2].map((i) => start + i * 1_800_000);
    expect(timeTickLabels(half, en)).toEqual(["23:30\nNov 24", "00:00\nNov 25", "00:30"]);
    expect(timeTickLabels([start, start + 15_000], en)).toEqual(["23:30:00\nNov 24", "23:30:15"]);
    expect(timeTickLabels([start, start + 86_400_000], en)).toEqual(["Nov 24", "Nov 25"]);
    expect(timeTickLabels(half, pt)[0]).toBe("20:30\n24 de nov.");
    expect(timeTickLabels([], en)).toEqual([]);
  });
});

describe("times", () => {
  const moment = Date.parse("2026-11-24T15:04:05Z");

  it("carry their zone and follow the locale", () => {
    expect(en.dateTime(moment)).toBe("Nov 24, 15:04:05 UTC");
    expect(plain(pt.dateTime(moment))).toBe("24 de nov., 12:04:05 BRT");
  });

  it("write what two moments share only once", () => {
    expect(en.range(moment, moment + 3_600_000)).toBe("Nov 24 15:04–16:04");
    expect(en.range(moment, moment + 60_000)).toBe("Nov 24 15:04:05–15:05:05");
    expect(en.range(moment, moment + 12 * 3_600_000)).toBe("Nov 24, 15:04 – Nov 25, 03:04");
  });

  it("say how long and how long ago in words", () => {
    expect(plain(en.length(900_000))).toBe("15 min");
    expect(plain(pt.length(86_400_000))).toBe("24 h");
    expect(plain(en.ago(12_000))).toBe("12 sec. ago");
    expect(plain(pt.ago(7_200_000))).toBe("há 2 h");
  });
});
