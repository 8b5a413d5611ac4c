import { describe, expect, it } from "vitest";
import { samplerChoice } from "./sampler-choice.ts";

const SAMPLED_PARENT = { traceId: "a".repeat(32), spanId: "b".repeat(16), traceFlags: 1 };
const choose = (name: string, argument?: string) =>
  samplerChoice({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: argument }, () => 0);

describe("samplerChoice", () => {
  it.each([
    ["always_on", true],
    ["always_off", false],
    ["traceidratio", false],
    ["rate_limited", false],
    ["parentbased_always_on", true],
    ["parentbased_always_off", true],
    ["parentbased_traceidratio", true],
    ["parentbased_rate_limited", true],
  ])("knows %s", (name, isSampled) => {
    const { sampler } = choose(name, "0");
    // A rate of 0 lets its one token through, then nothing.
    sampler("f".repeat(32), SAMPLED_PARENT);
    expect(sampler("f".repeat(32), SAMPLED_PARENT).isSampled).toBe(isSampled);
  });

  it("samples everything, following the parent, when nothing is said", () => {
    const { sampler } = samplerChoice({}, () => 0);
    expect(sampler("a", undefined).isSampled).toBe(true);
    expect(sampler("a", { ...SAMPLED_PARENT, traceFlags: 0 }).isSampled).toBe(false);
  });

  it("reads both parts of errors_and_slow", () => {
    expect(choose("errors_and_slow").slowMs).toBe(500);
    const { sampler, slowMs } = choose("errors_and_slow", "slow_ms=250,ratio=1");
    expect(slowMs).toBe(250);
    expect(sampler("f".repeat(32), undefined).isSampled).toBe(true);
  });

  it.each([
    ["sometimes", undefined, "OTEL_TRACES_SAMPLER"],
    ["parentbased_sometimes", undefined, "OTEL_TRACES_SAMPLER"],
    ["traceidratio", "1.5", "OTEL_TRACES_SAMPLER_ARG"],
    ["rate_limited", "-1", "OTEL_TRACES_SAMPLER_ARG"],
    ["errors_and_slow", "slow=1", "OTEL_TRACES_SAMPLER_ARG"],
  ])("refuses %s with %s, naming the variable", (name, argument, option) => {
    expect(() => choose(name, argument)).toThrow(
      expect.objectContaining({ code: "invalid_config", message: expect.stringContaining(option) }),
    );
  });
});
