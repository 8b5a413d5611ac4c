import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { decodeOtlpMetricsProtobuf, decodeOtlpTracesProtobuf, type OtlpMetric } from "@avx/wire";
import { expect, it } from "vitest";
import { OtlpSink } from "../testing/otlp-sink.ts";
import { loadOfficial } from "./load-official.ts";

const PACKAGE = join(import.meta.dirname, "../..");
const AUTO = join(import.meta.dirname, "../auto.ts");

/** A service that makes a request in a span of its own, measures and logs, then ends. */
const PROGRAM = `
  import { createServer } from "node:http";
  import { metrics, trace } from "@opentelemetry/api";
  import { telemetry } from "${AUTO}";
  const server = createServer((request, response) => response.end(request.headers.traceparent));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  metrics.getMeter("lib").createCounter("jobs").add(3);
  telemetry.metrics.createCounter("orders").add(2);
  await telemetry.tracer.startActiveSpan("own", async (span) => {
    const origin = "http://127.0.0.1:" + server.address().port;
    telemetry.log.info(await (await fetch(origin)).text());
    trace.getTracer("lib", "2").startSpan("inner").end();
    span.end();
  });
  server.closeAllConnections();
  server.close();
  await telemetry.shutdown();
`;

async function run() {
  const sink = new OtlpSink();
  const child = spawn(
    process.execPath,
    ["--import", AUTO, "--input-type=module", "--eval", PROGRAM],
    {
      cwd: PACKAGE,
      env: {
        ...process.env,
        AVX_SDK: "official",
        AVX_STACK: "Avx",
        OTEL_SERVICE_NAME: "shop",
        OTEL_EXPORTER_OTLP_ENDPOINT: await sink.listen(),
      },
      stdio: ["ignore", "inherit", "pipe"],
    },
  );
  let lines = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    lines += text;
  });
  const [code] = await once(child, "close");
  await sink.close();
  const bodies = (path: string) =>
    sink.requests.filter((request) => request.path === path).map(({ body }) => body);
  return {
    code,
    lines,
    spans: bodies("/v1/traces").flatMap((body) => decodeOtlpTracesProtobuf(body)),
    metrics: bodies("/v1/metrics").flatMap((body) => decodeOtlpMetricsProtobuf(body)),
  };
}

it("AVX_SDK=official runs the real official SDK under our names, to our endpoint", async () => {
  const { code, lines, spans, metrics } = await run();
  expect({ code, lines }).toMatchObject({ code: 0 });
  expect(spans.map(({ name }) => name).sort()).toEqual(["GET", "inner", "own"]);
  const own = spans.find(({ name }) => name === "own");
  const request = spans.find(({ name }) => name === "GET");
  expect(request).toMatchObject({
    parentSpanId: own?.spanId,
    scope: { name: "@opentelemetry/instrumentation-undici" },
  });
  expect(Object.fromEntries(own?.resource.attributes ?? [])).toMatchObject({
    "service.name": "shop",
    "avx.stack": "Avx",
    "telemetry.sdk.name": "opentelemetry",
  });
  // The log line is ours, in the official SDK's span, and says what the server was sent.
  expect(JSON.parse(lines)).toMatchObject({
    msg: `00-${request?.traceId}-${request?.spanId}-01`,
    trace_id: own?.traceId,
  });
  const sdkOf = (name: string) =>
    metrics
      .filter((metric: OtlpMetric) => metric.name === name)
      .map(({ resource }) => resource.attributes.get("telemetry.sdk.name"));
  expect(sdkOf("jobs")).toEqual(["opentelemetry"]);
  expect(sdkOf("orders")).toEqual(["avx"]);
});

it("names the package that it needs when that is not there", () => {
  const load = (name: string) => {
    throw new Error(`no ${name}`);
  };
  expect(() => loadOfficial(load)).toThrow(
    "AVX_SDK: official needs the package @opentelemetry/sdk-node, which cannot be loaded: install it",
  );
});
