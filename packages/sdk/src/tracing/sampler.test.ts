import { describe, expect, it } from "vitest";
import { newTraceId } from "./identifiers.ts";
import {
  alwaysSampler,
  bufferingSampler,
  neverSampler,
  parentBased,
  rateLimitedSampler,
  ratioSampler,
} from "./sampler.ts";
import { parseTracestate } from "./tracestate.ts";

const parent = (traceFlags: number, tracestate?: string) => {
  const traceState = parseTracestate(tracestate);
  const ids = { traceId: "a".repeat(32), spanId: "b".repeat(16), traceFlags };
  return traceState === undefined ? ids : { ...ids, traceState };
};
const withRandomness = (hex: string) => `${"0".repeat(18)}${hex}`;

describe("ratioSampler", () => {
  // Consistent probability sampling: sampled exactly when R >= T, T = (1 - ratio) * 2^56, R the
  // rightmost 56 bits. https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/
  it.each([
    ["80000000000000", true],
    ["7fffffffffffff", false],
    ["ffffffffffffff", true],
    ["00000000000000", false],
  ])("at 1/2 decides %s as %s", (randomness, isSampled) => {
    expect(ratioSampler(0.5)(withRandomness(randomness), undefined).isSampled).toBe(isSampled);
  });

  it("prefers the explicit randomness of tracestate to the id's", () => {
    const sampler = ratioSampler(0.5);
    const high = parent(0, "ot=rv:80000000000000");
    const low = parent(0, "ot=th:8;rv:7fffffffffffff");
    expect(sampler(withRandomness("00000000000000"), high).isSampled).toBe(true);
    expect(sampler(withRandomness("ffffffffffffff"), low).isSampled).toBe(false);
  });

  // The specification's own table: 1/2 is th:8, 1/4 is th:c, 1 is th:0.
  it.each([
    [0.5, "8"],
    [0.25, "c"],
    [1, "0"],
    [1 / 16, "f"],
  ])("at %d says th:%s", (ratio, threshold) => {
    expect(ratioSampler(ratio)("f".repeat(32), undefined).threshold).toBe(threshold);
  });

  it("records about its share of real ids, and never more at a lower ratio", () => {
    const ids = Array.from({ length: 20_000 }, newTraceId);
    const tenth = ids.filter((id) => ratioSampler(0.1)(id, undefined).isSampled);
    // Binomial: 2000 expected, standard deviation 42; five of them either way.
    expect(Math.abs(tenth.length - 2000)).toBeLessThan(212);
    expect(tenth.every((id) => ratioSampler(0.2)(id, undefined).isSampled)).toBe(true);
  });
});

describe("parentBased", () => {
  it("follows the parent and asks the root sampler only where a trace starts", () => {
    const sampler = parentBased(neverSampler);
    expect(sampler("a".repeat(32), parent(1)).isSampled).toBe(true);
    expect(sampler("a".repeat(32), parent(0)).isSampled).toBe(false);
    expect(parentBased(alwaysSampler)("a".repeat(32), undefined).isSampled).toBe(true);
  });
});

describe("rateLimitedSampler", () => {
  it("lets a burst of one second through, then its rate", () => {
    let nowMs = 0;
    const sampler = rateLimitedSampler(10, () => nowMs);
    const sampledOf = (count: number) =>
      Array.from({ length: count }, () => sampler("a", undefined)).filter((d) => d.isSampled);
    expect(sampledOf(100)).toHaveLength(10);
    nowMs = 500;
    expect(sampledOf(100)).toHaveLength(5);
    nowMs = 60_000;
    expect(sampledOf(100)).toHaveLength(10);
  });

  it("takes a rate below one a second", () => {
    let nowMs = 0;
    const sampler = rateLimitedSampler(0.1, () => nowMs);
    expect(sampler("a", undefined).isSampled).toBe(true);
    nowMs = 9000;
    expect(sampler("a", undefined).isSampled).toBe(false);
    nowMs = 10_001;
    expect(sampler("a", undefined).isSampled).toBe(true);
  });
});

describe("bufferingSampler", () => {
  it("records everything, but marks as sampled only what its parent or its ratio samples", () => {
    const sampler = bufferingSampler(0);
    expect(sampler("a", undefined)).toMatchObject({ isRecorded: true, isSampled: false });
    expect(sampler("a", parent(0))).toMatchObject({ isRecorded: true, isSampled: false });
    expect(sampler("a", parent(1))).toMatchObject({ isRecorded: true, isSampled: true });
    expect(bufferingSampler(1)("f".repeat(32), undefined).isSampled).toBe(true);
  });
});
