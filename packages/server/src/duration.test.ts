import { describe, expect, it } from "vitest";
import { parseDurationMs } from "./duration.ts";

describe("parseDurationMs", () => {
  it.each([
    ["1s", 1000],
    ["1h30m", 5_400_000],
    ["1y1w1d1h1m1s1ms", 32_230_861_001],
    ["0s", 0],
  ])("reads %s", (text, ms) => expect(parseDurationMs(text)).toBe(ms));

  it.each(["", "5", "1m1h", "-1s", "1.5h", "1x", "99999999999999999999y"])("refuses %j", (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
  });
});
