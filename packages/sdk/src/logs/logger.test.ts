import { describe, expect, it } from "vitest";
import { AvxTracer } from "../tracing/avx-tracer.ts";
import { alwaysSampler } from "../tracing/sampler.ts";
import { SPAN_LIMITS } from "../tracing/span-limits.ts";
import { parseLogLevels, thresholdOf } from "./log-level.ts";
import { type LogEntry, logLine } from "./log-line.ts";
import { Logger } from "./logger.ts";

function logger(levels: string) {
  const entries: LogEntry[] = [];
  const sink = (entry: LogEntry) => entries.push(entry);
  const nowMs = () => Date.UTC(2026, 10, 24, 12);
  return { log: new Logger("gateway", { levels: parseLogLevels(levels), sink, nowMs }), entries };
}

const json = (entry: LogEntry | undefined) =>
  JSON.parse(entry === undefined ? "{}" : logLine(entry, { service: "shop", format: "json" }));

describe("AVX_LOG", () => {
  it.each([
    ["", "gateway", "info"],
    ["warn", "gateway", "warn"],
    ["info,gateway=debug", "gateway", "debug"],
    ["info,gateway=debug", "gateway.proxy", "debug"],
    ["info,gateway=debug", "gatewayx", "info"],
    ["off, gateway.proxy = TRACE", "gateway.proxy.pool", "trace"],
    ["gateway=off", "gateway", "off"],
  ])("%s gives module %s the threshold %s", (text, module, expected) => {
    expect(thresholdOf(parseLogLevels(text), module)).toBe(expected);
  });
});

it("a line of JSON says where the service stands", () => {
  const { log, entries } = logger("info");
  log.info("hello", { n: 1 });
  const context = [["avx.stack", "Avx"]] as const;
  const line = entries[0] && logLine(entries[0], { service: "shop", format: "json", context });
  expect(JSON.parse(line ?? "")).toMatchObject({ msg: "hello", "avx.stack": "Avx", n: 1 });
});

describe("Logger", () => {
  it("writes what reaches the threshold of its module", () => {
    const { log, entries } = logger("warn,gateway.proxy=debug");
    log.info("no");
    log.warn("yes");
    log.child("proxy").debug("yes too");
    log.child("proxy").trace("no");
    expect(entries.map((entry) => [entry.module, entry.level])).toEqual([
      ["gateway", "warn"],
      ["gateway.proxy", "debug"],
    ]);
    expect(log.isEnabled("info")).toBe(false);
  });

  it("writes JSON with the ids of the active span", () => {
    const { log, entries } = logger("info");
    const tracer = new AvxTracer({
      scope: { name: "t", version: "" },
      limits: SPAN_LIMITS,
      sampler: alwaysSampler,
      sink: () => {},
    });
    tracer.startActiveSpan("work", (span) => {
      log.info("hello", { n: 1, big: 10n ** 20n, msg: "mine", none: undefined });
      expect(json(entries[0])).toEqual({
        time: "2026-11-24T12:00:00.000Z",
        level: "info",
        service: "shop",
        module: "gateway",
        msg: "hello",
        trace_id: span.spanContext().traceId,
        span_id: span.spanContext().spanId,
        n: 1,
        big: "100000000000000000000",
        _msg: "mine",
      });
    });
  });

  it("writes errors, cycles and hostile objects without throwing", () => {
    const { log, entries } = logger("info");
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    const hostile = {
      get value() {
        throw new Error("a getter throws");
      },
    };
    log.error("one", { error: new RangeError("too far"), cycle });
    log.error("two", { hostile });
    expect(json(entries[0]).error).toMatch(/^RangeError: too far\n/);
    expect(JSON.stringify(json(entries[0]).cycle)).toContain("[nested too deep]");
    expect(entries).toHaveLength(1);
  });

  it("writes for people on one line, whatever a message holds", () => {
    const { log, entries } = logger("info");
    log.info("a\nb \u001b[31mred", { path: "/x", text: "two words" });
    const line = entries[0] && logLine(entries[0], { service: "shop", format: "pretty" });
    expect(line).toBe('12:00:00.000 INFO  gateway a\\nb \\u001b[31mred path=/x text="two words"');
  });
});
