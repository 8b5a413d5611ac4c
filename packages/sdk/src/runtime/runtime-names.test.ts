import * as conventions from "@opentelemetry/semantic-conventions/incubating";
import { describe, expect, it } from "vitest";
import { initTelemetry } from "../init-telemetry.ts";

/** Metrics that the conventions do not have, as the reference says. */
const OURS = new Set([
  "container.memory.limit",
  "http.server.open_connections",
  "process.unix.file_descriptor.limit",
  "v8js.memory.heap.max",
]);

async function names(optIn: string): Promise<string[]> {
  const telemetry = initTelemetry({
    environment: {
      OTEL_TRACES_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_SEMCONV_STABILITY_OPT_IN: optIn,
    },
    writeLog: () => {},
  });
  const meters = await telemetry.registry.collect();
  await telemetry.shutdown();
  const all = meters.flatMap(({ instruments }) =>
    [...instruments.values()].map(({ descriptor }) => descriptor.name),
  );
  return all.filter((name) => !name.startsWith("avx."));
}

const KNOWN = new Set<unknown>(
  Object.entries(conventions)
    .filter(([constant]) => constant.startsWith("METRIC_"))
    .map(([, name]) => name),
);

const OLD = [
  "process.open_file_descriptor.count",
  "v8js.memory.heap.limit",
  "v8js.heap.space.available_size",
  "v8js.heap.space.physical_size",
];

describe("metric names", () => {
  it("are those of the semantic conventions, and none that these have given up", async () => {
    const shown = await names("");
    expect(shown.filter((name) => !(KNOWN.has(name) || OURS.has(name)))).toEqual([]);
    expect(shown).toContain("process.unix.file_descriptor.count");
    expect(shown.filter((name) => OLD.includes(name))).toEqual([]);
  });

  it("are also the old ones of the process with runtime/dup", async () => {
    const shown = await names("http/dup,runtime/dup");
    expect(shown).toEqual(expect.arrayContaining([...OLD, "v8js.memory.heap.space.size"]));
  });

  it("are the old ones alone with runtime/old", async () => {
    const shown = await names("runtime/old");
    expect(shown).toEqual(expect.arrayContaining(OLD));
    expect(shown).not.toContain("v8js.memory.heap.space.size");
    expect(shown).toContain("v8js.memory.heap.used");
  });
});
