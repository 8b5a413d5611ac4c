import { describe, expect, it } from "vitest";
import {
  fixedRange,
  formatDuration,
  formatTimePoint,
  isLive,
  lastRange,
  MAX_RANGE_MS,
  MIN_RANGE_MS,
  parseRange,
  parseTimePoint,
  resolveRange,
  shiftRange,
  widenRange,
} from "./time-range.ts";

const HOUR_MS = 3_600_000;
const NOW_MS = Date.parse("2026-11-24T12:00:00Z");

describe("parseTimePoint", () => {
  it.each([
    ["now", 0],
    ["now-90s", 90_000],
    ["now-1h30m", 1.5 * HOUR_MS],
    [" now-2d ", 48 * HOUR_MS],
    ["now-1w", 168 * HOUR_MS],
  ])("reads %s as so long before now", (text, beforeNowMs) => {
    expect(parseTimePoint(text)).toEqual({ kind: "relative", beforeNowMs });
  });

  it("reads ISO times with their zone, and times without one as local", () => {
    const zoned = Date.parse("2026-11-24T10:30:00Z");
    expect(parseTimePoint("2026-11-24T12:30:00+02:00")).toEqual({
      kind: "absolute",
      timestampMs: zoned,
    });
    expect(parseTimePoint("2026-11-24 10:30")).toEqual({
      kind: "absolute",
      timestampMs: new Date(2026, 10, 24, 10, 30).getTime(),
    });
    expect(parseTimePoint("2026-11-24")).toEqual({
      kind: "absolute",
      timestampMs: new Date(2026, 10, 24).getTime(),
    });
  });

  it.each([
    "",
    "yesterday",
    "now+1h",
    "now-1y",
    "now-",
    "24/11/2026",
    "2026-13-40",
    "1e9",
    "now-1h;",
  ])("refuses %j", (text) => {
    expect(parseTimePoint(text)).toBeNull();
  });

  it("is undone by formatTimePoint", () => {
    for (const text of [
      "now",
      "now-15m",
      "now-1d2h3m4s",
      "2026-11-24T10:30:00Z",
      "2026-11-24T10:30:00.250Z",
    ]) {
      const point = parseTimePoint(text);
      expect(point && formatTimePoint(point)).toBe(text);
    }
  });
});

describe("formatDuration", () => {
  it("writes whole units, weeks as days, and never nothing", () => {
    expect(formatDuration(7 * 24 * HOUR_MS)).toBe("7d");
    expect(formatDuration(90_400)).toBe("1m30s");
    expect(formatDuration(3)).toBe("1s");
  });
});

describe("ranges", () => {
  it("move with time while they end now", () => {
    const range = lastRange(HOUR_MS);
    expect(isLive(range)).toBe(true);
    expect(resolveRange(range, NOW_MS)).toEqual({ startMs: NOW_MS - HOUR_MS, endMs: NOW_MS });
    expect(isLive(fixedRange(1, 2))).toBe(false);
  });

  it("are never shorter or longer than the limits, whatever a URL says", () => {
    const backwards = { from: lastRange(0).from, to: lastRange(HOUR_MS).from };
    const { startMs, endMs } = resolveRange(backwards, NOW_MS);
    expect(endMs - startMs).toBe(MIN_RANGE_MS);
    const endless = resolveRange(
      { from: { kind: "absolute", timestampMs: 0 }, to: lastRange(0).to },
      NOW_MS,
    );
    expect(endless.endMs - endless.startMs).toBe(MAX_RANGE_MS);
  });

  it("from a drag are ordered and long enough", () => {
    expect(resolveRange(fixedRange(50_000, 10_000), 0)).toEqual({ startMs: 10_000, endMs: 50_000 });
    expect(resolveRange(fixedRange(10_000, 10_001), 0)).toEqual({ startMs: 10_000, endMs: 20_000 });
  });

  it("are refused as text when they are empty or the wrong way round", () => {
    expect(parseRange("now-1h", "now", NOW_MS)).toEqual(lastRange(HOUR_MS));
    expect(parseRange("now", "now-1h", NOW_MS)).toBeNull();
    expect(parseRange("now-5s", "now", NOW_MS)).toBeNull();
    expect(parseRange("now-999999d", "now", NOW_MS)).toBeNull();
    expect(parseRange("", "now", NOW_MS)).toBeNull();
  });

  it("shift by a part of their length and widen around their middle, not beyond now", () => {
    const shown = { startMs: NOW_MS - 2 * HOUR_MS, endMs: NOW_MS - HOUR_MS };
    expect(resolveRange(shiftRange(shown, -0.5), NOW_MS)).toEqual({
      startMs: NOW_MS - 2.5 * HOUR_MS,
      endMs: NOW_MS - 1.5 * HOUR_MS,
    });
    expect(resolveRange(widenRange(shown, NOW_MS), NOW_MS)).toEqual({
      startMs: NOW_MS - 2.5 * HOUR_MS,
      endMs: NOW_MS - 0.5 * HOUR_MS,
    });
    const last = { startMs: NOW_MS - HOUR_MS, endMs: NOW_MS };
    expect(resolveRange(widenRange(last, NOW_MS), NOW_MS)).toEqual({
      startMs: NOW_MS - 2 * HOUR_MS,
      endMs: NOW_MS,
    });
  });
});
