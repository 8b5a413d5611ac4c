import { channel } from "node:diagnostics_channel";
import { expect, it, onTestFinished } from "vitest";
import { startTelemetry } from "../testing/start-telemetry.ts";

it("AVX_CONSOLE_RECORDS=true makes records of console calls, in their span", () => {
  const telemetry = startTelemetry({
    store: "memory",
    environment: { AVX_CONSOLE_RECORDS: "true" },
  });
  onTestFinished(() => telemetry.shutdown());
  // What Node announces: the arguments, unformatted. Vitest has a console of its own.
  telemetry.tracer.startActiveSpan("request", (span) => {
    channel("console.log").publish(["%s of %d", "one", 2]);
    channel("console.error").publish([new Error("lost").message, { n: 1 }]);
    span.end();
  });
  channel("console.warn").publish(["outside"]);
  const [span] = telemetry.spans("request");
  expect(telemetry.logs()).toMatchObject([
    { level: "info", module: "console", message: "one of 2", traceId: span?.traceId },
    { level: "error", message: "lost { n: 1 }", spanId: span?.spanId },
    { level: "warn", message: "outside", traceId: "" },
  ]);
});

it("without it console is left alone", () => {
  const telemetry = startTelemetry({ store: "memory" });
  onTestFinished(() => telemetry.shutdown());
  channel("console.log").publish(["nothing"]);
  expect(telemetry.logs()).toEqual([]);
});
