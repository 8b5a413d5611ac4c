import { describe, expect, it } from "vitest";
import {
  durationParameterMs,
  integerParameter,
  limitParameter,
  timeParameterMs,
} from "./parameters.ts";

const given = (value: string) => new URLSearchParams({ p: value });

describe("time parameters", () => {
  it.each([
    ["0", 0],
    ["1.5", 1500],
    ["-60", -60_000],
    ["1e3", 1_000_000],
    ["2015-07-01T20:10:51.781Z", 1_435_781_451_781],
    ["2015-07-01T22:10:51+02:00", 1_435_781_451_000],
  ])("read %s", (text, ms) => expect(timeParameterMs(given(text), "p")).toBe(ms));

  it.each(["abc", "NaN", "Infinity", "1e300", "2015-13-01T00:00:00Z", "2015-07-01"])(
    "refuse %s in Prometheus' words",
    (text) => {
      expect(() => timeParameterMs(given(text), "p")).toThrowError(
        `invalid parameter "p": cannot parse "${text}" to a valid timestamp`,
      );
    },
  );

  it("fall back only when absent", () => {
    expect(timeParameterMs(new URLSearchParams(), "p", 7)).toBe(7);
    expect(() => timeParameterMs(new URLSearchParams(), "p")).toThrowError("invalid parameter");
  });
});

describe("duration parameters", () => {
  it.each([
    ["15", 15_000],
    ["0.1", 100],
    ["1h30m", 5_400_000],
  ])("read %s", (text, ms) => expect(durationParameterMs(given(text), "p")).toBe(ms));

  it.each(["1x", "Infinity", "99999999999999999999y"])("refuse %s", (text) => {
    expect(() => durationParameterMs(given(text), "p")).toThrowError("valid duration");
  });
});

describe("limits and integers", () => {
  it("take 0 and absence as no limit", () => {
    expect(limitParameter(given("0"), "p")).toBe(Number.POSITIVE_INFINITY);
    expect(limitParameter(new URLSearchParams(), "p")).toBe(Number.POSITIVE_INFINITY);
    expect(limitParameter(given("3"), "p")).toBe(3);
  });

  it.each(["-1", "x", "1.5"])("refuse the limit %s", (text) => {
    expect(() => limitParameter(given(text), "p")).toThrowError("non-negative");
  });

  it("name the allowed range of an integer", () => {
    const bounds = { min: 1, max: 5, fallback: 2 };
    expect(integerParameter(new URLSearchParams(), "p", bounds)).toBe(2);
    expect(() => integerParameter(given("9"), "p", bounds)).toThrowError("from 1 to 5");
  });
});
