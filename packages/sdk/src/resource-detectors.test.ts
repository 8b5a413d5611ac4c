import { hostname } from "node:os";
import { envDetector, hostDetector, osDetector, processDetector } from "@opentelemetry/resources";
import { expect, it } from "vitest";
import { initTelemetry } from "./init-telemetry.ts";
import { detectedResource } from "./resource-detectors.ts";

const asked = (names: string) =>
  detectedResource(names === "" ? {} : { OTEL_NODE_RESOURCE_DETECTORS: names });

it.each([
  ["host", hostDetector],
  ["os", osDetector],
  ["process", processDetector],
  ["env", envDetector],
])("%s finds what OpenTelemetry's own detector finds", async (name, official) => {
  const expected: [string, unknown][] = [];
  for (const [attribute, value] of Object.entries(official.detect().attributes ?? {})) {
    const settled = await value;
    if (settled !== undefined) expected.push([attribute, settled]);
  }
  const found = Object.fromEntries(asked(name).attributes);
  // A machine without the file that holds it has no id, and theirs runs no program for it either.
  expect(found).toEqual(Object.fromEntries(expected.filter(([, value]) => value !== "")));
});

it("all is every detector, none is none, and nothing said is the names alone", () => {
  const all = Object.fromEntries(asked("all").attributes);
  expect(all).toMatchObject({ "host.name": hostname(), "process.pid": process.pid });
  expect(asked("none")).toEqual({ attributes: [], readsEnvironment: false, unknown: [] });
  expect(asked("")).toEqual({ attributes: [], readsEnvironment: true, unknown: [] });
});

it("what cannot be had is said once, and costs nothing else", async () => {
  const lines: string[] = [];
  const telemetry = initTelemetry({
    serviceName: "shop",
    environment: {
      OTEL_NODE_RESOURCE_DETECTORS: "env,container,host",
      OTEL_CONFIG_FILE: "otel.yaml",
      OTEL_TRACES_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
    },
    writeLog: (line) => lines.push(line),
  });
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
    "OTEL_CONFIG_FILE: no configuration file is read; the other variables hold",
    "OTEL_NODE_RESOURCE_DETECTORS: not of this SDK: container",
  ]);
  expect(telemetry.resource.attributes.get("host.name")).toBe(hostname());
  await telemetry.shutdown();
});
