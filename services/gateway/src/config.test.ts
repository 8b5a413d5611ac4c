import { describe, expect, it } from "vitest";
import { gatewayConfig } from "./config.ts";

describe("gatewayConfig", () => {
  it("has defaults that find the rest of the mesh on this machine", () => {
    expect(gatewayConfig([], {})).toMatchObject({
      host: "127.0.0.1",
      port: 8080,
      upstream: "http://127.0.0.1:8081",
      telemetryEnvironment: { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318" },
    });
  });

  it("takes flags over variables", () => {
    const args = [
      "--port",
      "9000",
      "--upstream",
      "http://core:1/",
      "--otlp-endpoint",
      "http://o:2",
    ];
    const config = gatewayConfig(args, {
      PORT: "1",
      AVX_UPSTREAM: "http://other",
      AVX_ENV: "prod",
    });
    expect(config).toMatchObject({
      port: 9000,
      upstream: "http://core:1",
      telemetryEnvironment: { OTEL_EXPORTER_OTLP_ENDPOINT: "http://o:2", AVX_ENV: "prod" },
    });
  });

  it.each([
    [["--port", "http"], "--port"],
    [["--port", "70000"], "--port"],
    [["--upstream", "core"], "--upstream"],
    [["--upstream-timeout", "1e9"], "--upstream-timeout"],
    [["--colour"], "arguments"],
  ])("refuses %s, naming %s", (args, option) => {
    expect(() => gatewayConfig(args, {})).toThrow(new RegExp(`^${option}: `));
  });
});
