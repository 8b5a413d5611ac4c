import { AvxError } from "@avx/model";
import { describe, expect, it } from "vitest";
import { newTraceId } from "./identifiers.ts";
import { parentBased, ratioSampler, samplerByName } from "./sampler.ts";

const parent = (traceFlags: number) => ({
  traceId: "a".repeat(32),
  spanId: "b".repeat(16),
  traceFlags,
});
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
    expect(ratioSampler(0.5)(withRandomness(randomness), undefined)).toBe(isSampled);
  });

  it("records about its share of real ids, and never more at a lower ratio", () => {
    const ids = Array.from({ length: 20_000 }, newTraceId);
    const tenth = ids.filter((id) => ratioSampler(0.1)(id, undefined));
    // Binomial: 2000 expected, standard deviation 42; five of them either way.
    expect(Math.abs(tenth.length - 2000)).toBeLessThan(212);
    expect(tenth.every((id) => ratioSampler(0.2)(id, undefined))).toBe(true);
  });
});

describe("parentBased", () => {
  it("follows the parent and asks the root sampler only where a trace starts", () => {
    const sampler = parentBased(() => false);
    expect(sampler("a".repeat(32), parent(1))).toBe(true);
    expect(sampler("a".repeat(32), parent(0))).toBe(false);
    expect(sampler("a".repeat(32), undefined)).toBe(false);
  });
});

describe("samplerByName", () => {
  it("knows the six names of OTEL_TRACES_SAMPLER", () => {
    const decide = (name: string) =>
      samplerByName(name, 0)(withRandomness("f".repeat(14)), parent(1));
    expect(decide("always_on")).toBe(true);
    expect(decide("always_off")).toBe(false);
    expect(decide("traceidratio")).toBe(false);
    expect(decide("parentbased_always_on")).toBe(true);
    expect(decide("parentbased_always_off")).toBe(true);
    expect(decide("parentbased_traceidratio")).toBe(true);
  });

  it("refuses another name, saying which option is wrong", () => {
    expect(() => samplerByName("sometimes", 1)).toThrow(AvxError);
    expect(() => samplerByName("sometimes", 1)).toThrow(/OTEL_TRACES_SAMPLER/);
  });
});
