import { describe, expect, it } from "vitest";
import { nextCall, ratePerSecond } from "./demo-traffic.ts";

describe("demo traffic", () => {
  it("has a quiet night and an evening peak, and joins at midnight", () => {
    const rates = Array.from({ length: 288 }, (_, i) => ratePerSecond(i / 288));
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...rates)).toBeLessThanOrEqual(40);
    expect(Math.max(...rates)).toBeGreaterThan(30);
    expect(rates.indexOf(Math.max(...rates)) / 12).toBeCloseTo(20, 0);
    expect(Math.abs(ratePerSecond(0) - ratePerSecond(0.9999))).toBeLessThan(0.1);
  });

  it("asks mostly for what works, and now and then for a failure or a missing item", () => {
    let state = 3;
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    const calls = Array.from({ length: 20_000 }, () => nextCall(random));
    const share = (accept: (path: string) => boolean) =>
      calls.filter(({ path }) => accept(path)).length / calls.length;
    expect(share((path) => path.endsWith("?fail=true"))).toBeGreaterThan(0.002);
    expect(share((path) => path.endsWith("?fail=true"))).toBeLessThan(0.012);
    const isMissing = (path: string) => Number(/^\/core\/items\/(\d+)/.exec(path)?.[1] ?? 0) > 500;
    expect(share(isMissing)).toBeCloseTo(0.01, 2);
    expect(calls.filter((call) => call.method === "POST").every((call) => call.body)).toBe(true);
  });
});
