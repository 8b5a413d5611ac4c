import { AvxError } from "@avx/model";
import { describe, expect, it } from "vitest";
import { avxContextFromEnvironment, avxHeaders } from "./avx-context.ts";
import { processResource } from "./resource.ts";
import { telemetryConfig } from "./telemetry-config.ts";

const NO_CONTEXT = avxContextFromEnvironment({});

describe("telemetryConfig", () => {
  // Defaults of https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
  it("has OpenTelemetry's defaults", () => {
    expect(telemetryConfig({})).toMatchObject({
      isDisabled: false,
      metricIntervalMs: 60_000,
      spanLimits: { maxQueueItems: 2048, maxBatchItems: 512, delayMs: 5000 },
      targets: {
        traces: { url: "http://localhost:4318/v1/traces", headers: {}, timeoutMs: 10_000 },
      },
    });
  });

  it("adds the signal's path to the common endpoint, and none to a signal's own", () => {
    const { targets } = telemetryConfig({
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318/base/",
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "https://logs.example/in",
      OTEL_EXPORTER_OTLP_HEADERS: "a=1,b=2%3D3",
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: "b=own",
      OTEL_EXPORTER_OTLP_TIMEOUT: "3000",
      OTEL_TRACES_EXPORTER: "none",
    });
    expect(targets.metrics).toEqual({
      protocol: "http",
      tls: {},
      url: "http://collector:4318/base/v1/metrics",
      headers: { a: "1", b: "own" },
      timeoutMs: 3000,
      encoding: "protobuf",
      isCompressed: false,
    });
    expect(targets.logs?.url).toBe("https://logs.example/in");
    expect(targets.logs?.headers).toEqual({ a: "1", b: "2=3" });
    expect(targets.traces).toBeUndefined();
  });

  it.each([
    ["OTEL_METRIC_EXPORT_INTERVAL", "soon"],
    ["OTEL_METRIC_EXPORT_INTERVAL", "0"],
    ["AVX_CPU_BUDGET", "2"],
    ["AVX_CPU_BUDGET", "0"],
    ["OTEL_BSP_MAX_QUEUE_SIZE", "-1"],
    ["OTEL_BSP_MAX_QUEUE_SIZE", "99999999"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "ftp://x"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "not a url"],
    ["OTEL_EXPORTER_OTLP_HEADERS", "novalue"],
    ["OTEL_EXPORTER_OTLP_HEADERS", "a=%zz"],
    ["OTEL_TRACES_EXPORTER", "zipkin"],
    ["AVX_LOG", "loud"],
    ["AVX_LOG_FORMAT", "xml"],
  ])("refuses %s=%s, naming the variable", (option, value) => {
    expect(() => telemetryConfig({ [option]: value })).toThrow(AvxError);
    expect(() => telemetryConfig({ [option]: value })).toThrow(new RegExp(`^${option}: `));
  });
});

describe("processResource", () => {
  const options = { context: NO_CONTEXT, serviceName: "code", instanceId: "i" };

  it("lets the environment rename the service: OTEL_SERVICE_NAME over resource attributes over code", () => {
    const nameWith = (environment: Record<string, string>) =>
      processResource({ ...options, environment }).attributes.get("service.name");
    expect(nameWith({})).toBe("code");
    expect(nameWith({ OTEL_RESOURCE_ATTRIBUTES: "service.name=attr" })).toBe("attr");
    const both = { OTEL_RESOURCE_ATTRIBUTES: "service.name=attr", OTEL_SERVICE_NAME: "env" };
    expect(nameWith(both)).toBe("env");
  });

  it("carries the AVX context, set parts only", () => {
    const context = avxContextFromEnvironment({ AVX_STACK: "Avx", AVX_CLUSTER: "AVL-BR" });
    const { attributes } = processResource({ ...options, context, environment: {} });
    expect(attributes.get("avx.stack")).toBe("Avx");
    expect(attributes.get("avx.cluster")).toBe("AVL-BR");
    expect(attributes.has("avx.mesh")).toBe(false);
  });
});

describe("avxContextFromEnvironment", () => {
  it("keeps a value that no header may carry from breaking every response", () => {
    const context = avxContextFromEnvironment({ AVX_STACK: "A\r\nset-cookie: x", AVX_MESH: "São" });
    expect(avxHeaders(context)).toEqual([
      ["x-avx-stack", "Aset-cookie: x"],
      ["x-avx-mesh", "So"],
    ]);
  });
});
