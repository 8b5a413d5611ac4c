import { describe, expect, it } from "vitest";
import { backoffMs, isRetryableStatus, retryAfterMs } from "./retry-policy.ts";

// https://opentelemetry.io/docs/specs/otlp/#failures-1: 429, 502, 503, 504 and no other.
describe("isRetryableStatus", () => {
  it("allows the four statuses of the specification", () => {
    const all = Array.from({ length: 200 }, (_, i) => 400 + i);
    expect(all.filter(isRetryableStatus)).toEqual([429, 502, 503, 504]);
  });
});

describe("backoffMs", () => {
  it("grows by half from one second to five, and scatters by a fifth either way", () => {
    const plain = [1, 2, 3, 4, 5, 6].map((attempt) => backoffMs(attempt, 0.5));
    expect(plain).toEqual([1000, 1500, 2250, 3375, 5000, 5000]);
    expect(backoffMs(1, 0)).toBeCloseTo(800, 9);
    expect(backoffMs(1, 0.999999)).toBeCloseTo(1200, 2);
  });
});

describe("retryAfterMs", () => {
  const now = Date.parse("2026-11-24T12:00:00Z");
  it.each([
    ["120", 120_000],
    ["0", 0],
    ["Tue, 24 Nov 2026 12:00:30 GMT", 30_000],
    ["Tue, 24 Nov 2026 11:00:00 GMT", 0],
    ["soon", undefined],
    ["-5x", undefined],
    [undefined, undefined],
  ])("reads %s as %s", (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});
