import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { avxContextFromEnvironment } from "./avx-context.ts";
import type { Environment } from "./environment.ts";
import { httpNames } from "./http/http-names.ts";
import { logLimits } from "./logs/log-limits.ts";
import { propagationFormats } from "./propagation/propagation.ts";
import { processResource } from "./resource.ts";
import { detectedResource } from "./resource-detectors.ts";
import { telemetryConfig } from "./telemetry-config.ts";
import { samplerChoice } from "./tracing/sampler-choice.ts";
import { spanLimits } from "./tracing/span-limits.ts";

const ROOT = join(import.meta.dirname, "../../..");
const REFERENCE = readFileSync(join(ROOT, "docs/reference/sdk.md"), "utf8");
const SIGNALS = ["TRACES", "METRICS", "LOGS"];
const OTLP = "OTEL_EXPORTER_OTLP";
const PEM = join(ROOT, "package.json");

/** Of the variables of one OTLP setting, a value that is not its default. */
const otlp = (part: string, value: string): [string, string][] =>
  ["", ...SIGNALS.map((signal) => `${signal}_`)].map((of) => [`${OTLP}_${of}${part}`, value]);

/**
 * All variables of the specification that the SDK reads, of Node's own SDK, and ours, each with a
 * value that is not its default.
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
type Row = readonly [name: string, value: string, beside?: Environment];

const READ: readonly Row[] = [
  ["OTEL_SDK_DISABLED", "true"],
  ["OTEL_SERVICE_NAME", "cart"],
  ["OTEL_RESOURCE_ATTRIBUTES", "a=b"],
  ["OTEL_NODE_RESOURCE_DETECTORS", "host,os,process"],
  ["OTEL_LOG_LEVEL", "none"],
  ["OTEL_PROPAGATORS", "b3"],
  ["OTEL_TRACES_SAMPLER", "errors_and_slow"],
  ["OTEL_TRACES_SAMPLER_ARG", "slow_ms=7", { OTEL_TRACES_SAMPLER: "errors_and_slow" }],
  ["OTEL_TRACES_EXPORTER", "none"],
  ["OTEL_METRICS_EXPORTER", "prometheus"],
  ["OTEL_LOGS_EXPORTER", "console"],
  ...otlp("ENDPOINT", "http://collector:1"),
  ...otlp("HEADERS", "a=b"),
  ...otlp("TIMEOUT", "7"),
  ...otlp("PROTOCOL", "http/json"),
  ...otlp("COMPRESSION", "gzip"),
  ...otlp("CERTIFICATE", PEM),
  ...otlp("CLIENT_CERTIFICATE", PEM),
  ...otlp("CLIENT_KEY", PEM),
  ...otlp("INSECURE", "true").map(
    ([name, value]) =>
      [
        name,
        value,
        { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc", OTEL_EXPORTER_OTLP_ENDPOINT: "collector:1" },
      ] as const,
  ),
  ["OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta"],
  [
    "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
    "base2_exponential_bucket_histogram",
  ],
  ["OTEL_EXPORTER_PROMETHEUS_HOST", "0.0.0.0", { OTEL_METRICS_EXPORTER: "prometheus" }],
  ["OTEL_EXPORTER_PROMETHEUS_PORT", "7", { OTEL_METRICS_EXPORTER: "prometheus" }],
  ["OTEL_METRICS_EXEMPLAR_FILTER", "always_off"],
  ["OTEL_METRIC_EXPORT_INTERVAL", "7"],
  ["OTEL_METRIC_EXPORT_TIMEOUT", "7"],
  ...["BSP", "BLRP"].flatMap((processor) =>
    ["SCHEDULE_DELAY", "EXPORT_TIMEOUT", "MAX_QUEUE_SIZE", "MAX_EXPORT_BATCH_SIZE"].map(
      (part) => [`OTEL_${processor}_${part}`, "7"] as const,
    ),
  ),
  ...["ATTRIBUTE", "SPAN_ATTRIBUTE", "LOGRECORD_ATTRIBUTE"].flatMap((of) => [
    [`OTEL_${of}_COUNT_LIMIT`, "7"] as const,
    [`OTEL_${of}_VALUE_LENGTH_LIMIT`, "7"] as const,
  ]),
  ["OTEL_SPAN_EVENT_COUNT_LIMIT", "7"],
  ["OTEL_SPAN_LINK_COUNT_LIMIT", "7"],
  ["OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "7"],
  ["OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "7"],
  ["OTEL_NODE_ENABLED_INSTRUMENTATIONS", "http"],
  ["OTEL_NODE_DISABLED_INSTRUMENTATIONS", "http"],
  ["OTEL_SEMCONV_STABILITY_OPT_IN", "http/dup"],
  ["AVX_STACK", "a"],
  ["AVX_LAYER", "a"],
  ["AVX_ENV", "a"],
  ["AVX_CLUSTER", "a"],
  ["AVX_MESH", "a"],
  ["AVX_SDK", "official"],
  ["AVX_LOG", "debug"],
  ["AVX_LOG_FORMAT", "pretty"],
  ["AVX_CONSOLE_RECORDS", "true"],
  ["AVX_CPU_BUDGET", "0.5"],
  ["AVX_MEMORY_BUDGET_MB", "7"],
  ["AVX_EXIT_FLUSH_MS", "7"],
];

/** The specification's other variables, and what the reference must say of them. */
const NOT_READ = ["OTEL_CONFIG_FILE", "OTEL_ENTITIES", "OTEL_EXPORTER_ZIPKIN_ENDPOINT"];

/** Everything that the environment decides, in a form that can be compared. */
function settings(environment: Environment): string {
  const context = avxContextFromEnvironment(environment);
  const detected = detectedResource(environment);
  const names = { environment, context, detected, serviceName: undefined, instanceId: "i" };
  const decided = {
    config: telemetryConfig(environment),
    resource: processResource(names).attributes,
    propagation: propagationFormats(environment),
    sampler: samplerChoice(environment, () => 0),
    spanLimits: spanLimits(environment),
    logLimits: logLimits(environment),
    httpNames: httpNames(environment),
  };
  return JSON.stringify(decided, (_name, value) => {
    if (value instanceof Map || value instanceof Set) return [...value];
    return typeof value === "number" || typeof value === "function" ? String(value) : value;
  });
}

/** The part of the reference that holds the table. */
function tableRows(): string {
  return REFERENCE.split("\n## Environment\n")[1]?.split("\n## ")[0] ?? "";
}

describe("the table of variables in docs/reference/sdk.md", () => {
  const rows = READ.map(([name, value, beside = {}]) => ({ name, value, beside }));

  it.each(rows)("$name is there, and is read", ({ name, value, beside }) => {
    expect(tableRows()).toMatch(new RegExp(`\`${name}\``));
    expect(settings({ ...beside, [name]: value })).not.toBe(settings(beside));
  });

  it.each(NOT_READ)("%s is there, and is not read", (name) => {
    expect(tableRows()).toMatch(new RegExp(`^\\| .*\`${name}\`.* \\| no \\|`, "m"));
    expect(settings({ [name]: "a=b" })).toBe(settings({}));
  });

  it("names no variable that is not tested here", () => {
    const named = new Set(tableRows().match(/\b(?:OTEL|AVX)_[A-Z0-9_]+\b/g));
    const known = new Set([...READ.map(([name]) => name), ...NOT_READ]);
    expect([...named].filter((name) => !known.has(name))).toEqual([]);
  });
});
