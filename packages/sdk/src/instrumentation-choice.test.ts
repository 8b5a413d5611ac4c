import { describe, expect, it } from "vitest";
import { enabledInstrumentations, takenOverBy } from "./instrumentation-choice.ts";

describe("OTEL_NODE_ENABLED_INSTRUMENTATIONS and OTEL_NODE_DISABLED_INSTRUMENTATIONS", () => {
  const chosen = (enabled: string, disabled: string) => [
    ...enabledInstrumentations({
      OTEL_NODE_ENABLED_INSTRUMENTATIONS: enabled,
      OTEL_NODE_DISABLED_INSTRUMENTATIONS: disabled,
    }),
  ];

  it("leave everything on when neither is set", () => {
    expect([...enabledInstrumentations({})]).toEqual(["http", "undici", "runtime-node"]);
  });

  it("name what is on, and take away from that", () => {
    expect(chosen("http, pg", "")).toEqual(["http"]);
    expect(chosen("", "undici,runtime-node")).toEqual(["http"]);
    expect(chosen("http,undici", "http")).toEqual(["undici"]);
  });
});

it("knows the official instrumentations that do the same as the SDK", () => {
  expect(takenOverBy("@opentelemetry/instrumentation-undici")).toBe("undici");
  expect(takenOverBy("@opentelemetry/instrumentation-http")).toBe("http");
  expect(takenOverBy("@opentelemetry/instrumentation-pg")).toBeUndefined();
});
