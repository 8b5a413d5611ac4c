import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

/** Prints by all three exporters, beside another metric exporter of the list. */
const PROGRAM = `
  import { initTelemetry } from ${JSON.stringify(join(import.meta.dirname, "../index.ts"))};
  const telemetry = initTelemetry({ serviceName: "shop", writeLog: () => {}, runtimeMetrics: false });
  telemetry.tracer.startSpan("work").end();
  telemetry.log.info("hello");
  telemetry.metrics.createCounter("jobs").add(3);
  await telemetry.shutdown();
`;

it("console prints every span, log record and collection as a line of OTLP's JSON", () => {
  const env = {
    ...process.env,
    OTEL_TRACES_EXPORTER: "console",
    OTEL_LOGS_EXPORTER: "console",
    OTEL_METRICS_EXPORTER: "prometheus,console",
    OTEL_EXPORTER_PROMETHEUS_PORT: "0",
  };
  const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", PROGRAM], {
    env,
    encoding: "utf8",
  });
  const [spans, logs, metrics, ...rest] = printed.trim().split("\n");
  expect(rest).toEqual([]);
  const scopeOf = (line: string | undefined, signal: string) =>
    JSON.parse(line ?? "")[`resource${signal}`][0][`scope${signal}`][0];
  expect(scopeOf(spans, "Spans").spans[0].name).toBe("work");
  expect(scopeOf(logs, "Logs").logRecords[0].body).toEqual({ stringValue: "hello" });
  const jobs = scopeOf(metrics, "Metrics").metrics.find(
    ({ name }: { name: string }) => name === "jobs",
  );
  expect(jobs.sum.dataPoints[0].asDouble).toBe(3);
});
