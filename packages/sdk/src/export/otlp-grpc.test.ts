import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  decodeOtlpLogsProtobuf,
  decodeOtlpMetricsProtobuf,
  decodeOtlpTracesProtobuf,
  encodeExportResponse,
  encodeRpcStatus,
} from "@avx/wire";
import { ServerCredentials, status } from "@grpc/grpc-js";
import { afterEach, describe, expect, it } from "vitest";
import { initTelemetry } from "../init-telemetry.ts";
import { telemetryConfig } from "../telemetry-config.ts";
import { GrpcSink } from "../testing/grpc-sink.ts";
import { grpcReply } from "./grpc-reply.ts";
import { retryInfoMs } from "./retry-info.ts";

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Telemetry that sends to the official server, grpc-js; that one is the oracle of the protocol. */
async function withSink(environment: Record<string, string> = {}, credentials?: ServerCredentials) {
  const sink = new GrpcSink();
  const address = await sink.listen(credentials);
  const telemetry = initTelemetry({
    serviceName: "shop",
    environment: {
      OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${address}`,
      AVX_LOG: "off,sdk=off",
      ...environment,
    },
    runtimeMetrics: false,
    writeLog: () => {},
  });
  cleanups.push(
    () => sink.close(),
    () => telemetry.shutdown(),
  );
  return { sink, telemetry, address };
}

const exportedItems = async (telemetry: ReturnType<typeof initTelemetry>, outcome: string) => {
  const { text } = await telemetry.renderMetrics();
  const line = new RegExp(
    `^avx_sdk_export_items_total{outcome="${outcome}",signal="traces"} (.*)$`,
    "m",
  );
  return Number(line.exec(text)?.[1]);
};

describe("OTEL_EXPORTER_OTLP_PROTOCOL=grpc", () => {
  it.each(["none", "gzip"])(
    "sends the three signals with metadata, compression %s",
    async (how) => {
      const { sink, telemetry } = await withSink({
        OTEL_EXPORTER_OTLP_COMPRESSION: how,
        OTEL_EXPORTER_OTLP_HEADERS: "Authorization=Bearer%20abc",
        AVX_LOG: "info",
      });
      telemetry.metrics.createCounter("jobs").add(3);
      telemetry.tracer.startSpan("work").end();
      telemetry.log.info("hello");
      await telemetry.flush();
      const [traces] = await sink.received("traces");
      const [metrics] = await sink.received("metrics");
      const [logs] = await sink.received("logs");
      expect(decodeOtlpTracesProtobuf(traces!.body)[0]?.name).toBe("work");
      expect(decodeOtlpLogsProtobuf(logs!.body)[0]?.body).toBe("hello");
      const names = decodeOtlpMetricsProtobuf(metrics!.body).map(({ name }) => name);
      expect(names).toContain("jobs");
      expect(traces?.metadata).toMatchObject({ authorization: "Bearer abc" });
      expect(String(traces?.metadata["user-agent"])).toMatch(/^OTel-OTLP-Exporter-/);
    },
  );

  it("uses one connection for everything, and connects anew when the server is back", async () => {
    const { sink, telemetry, address } = await withSink({ OTEL_METRICS_EXPORTER: "none" });
    telemetry.tracer.startSpan("first").end();
    await telemetry.flush();
    sink.close();
    const again = new GrpcSink();
    cleanups.push(() => again.close());
    const [host = "", port = ""] = address.split(":");
    await until(() => isFree(Number(port), host));
    await again.listen(ServerCredentials.createInsecure(), Number(port));
    telemetry.tracer.startSpan("second").end();
    await telemetry.flush();
    const [call] = await again.received("traces");
    expect(decodeOtlpTracesProtobuf(call!.body)[0]?.name).toBe("second");
  });

  it("retries UNAVAILABLE, after the pause that RetryInfo asks for", async () => {
    const { sink, telemetry } = await withSink({ OTEL_BSP_SCHEDULE_DELAY: "1" });
    const details = encodeRpcStatus(
      { code: status.UNAVAILABLE, message: "busy", retryAfterSeconds: 0 },
      "protobuf",
    );
    sink.refusals.push({ code: status.UNAVAILABLE, message: "busy", details });
    telemetry.tracer.startSpan("work").end();
    const [first, second] = await sink.received("traces", 2);
    expect(second?.body).toEqual(first?.body);
  });

  it("gives up what is refused for good, and counts a partial success", async () => {
    const { sink, telemetry } = await withSink({ OTEL_METRICS_EXPORTER: "none" });
    sink.refusals.push({ code: status.INVALID_ARGUMENT, message: "no such field" });
    telemetry.tracer.startSpan("refused").end();
    await telemetry.flush();
    expect(await exportedItems(telemetry, "failed")).toBe(1);
    sink.answer = encodeExportResponse("traces", "protobuf", { rejected: 1, message: "too old" });
    for (const name of ["a", "b", "c"]) telemetry.tracer.startSpan(name).end();
    await telemetry.flush();
    expect(await exportedItems(telemetry, "rejected")).toBe(1);
    expect(await exportedItems(telemetry, "sent")).toBe(2);
    expect(sink.calls).toHaveLength(2);
  });

  it("fails by name when nobody listens, without an unheard error", async () => {
    const lines: string[] = [];
    const gone = createServer();
    gone.listen(0, "127.0.0.1");
    await once(gone, "listening");
    const bound = gone.address();
    const port = typeof bound === "object" && bound !== null ? bound.port : 0;
    await new Promise((resolve) => gone.close(resolve));
    const telemetry = initTelemetry({
      environment: {
        OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
        OTEL_METRICS_EXPORTER: "none",
        OTEL_LOGS_EXPORTER: "none",
      },
      runtimeMetrics: false,
      writeLog: (line) => lines.push(line),
    });
    telemetry.tracer.startSpan("work").end();
    await telemetry.shutdown();
    expect(lines.join("")).toContain("cannot export traces: ECONNREFUSED");
  });
});

describe("the endpoint of gRPC", () => {
  const urlOf = (environment: Record<string, string>) =>
    telemetryConfig({ OTEL_EXPORTER_OTLP_PROTOCOL: "grpc", ...environment }).targets.traces?.url;
  const path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

  it("is port 4317, a server without path, and TLS unless a scheme or INSECURE says otherwise", () => {
    expect(urlOf({})).toBe(`http://localhost:4317${path}`);
    expect(urlOf({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c:1/base/" })).toBe(`http://c:1${path}`);
    expect(urlOf({ OTEL_EXPORTER_OTLP_ENDPOINT: "c:1" })).toBe(`https://c:1${path}`);
    const plain = { OTEL_EXPORTER_OTLP_ENDPOINT: "c:1", OTEL_EXPORTER_OTLP_INSECURE: "true" };
    expect(urlOf(plain)).toBe(`http://c:1${path}`);
    expect(urlOf({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://t" })).toBe(`https://t${path}`);
  });
});

describe("grpcReply", () => {
  const reply = (metadata: Record<string, string>, httpStatus = 200) =>
    grpcReply({ httpStatus, metadata, body: new Uint8Array(0) });
  const details = (seconds: number) =>
    Buffer.from(
      encodeRpcStatus({ code: 8, message: "", retryAfterSeconds: seconds }, "protobuf"),
    ).toString("base64");

  // The table of https://opentelemetry.io/docs/specs/otlp/#failures
  it.each([1, 4, 10, 11, 14, 15])("lets code %d be tried again", (code) => {
    expect(reply({ "grpc-status": String(code) })).toMatchObject({ isFinal: false });
  });

  it.each([2, 3, 5, 6, 7, 8, 9, 12, 13, 16])("takes code %d as final", (code) => {
    expect(reply({ "grpc-status": String(code) })).toMatchObject({ isFinal: true });
  });

  it("lets RESOURCE_EXHAUSTED be tried again when the server says when", () => {
    const metadata = { "grpc-status": "8", "grpc-status-details-bin": details(7) };
    expect(reply(metadata)).toMatchObject({ isFinal: false, retryAfterMs: 7000 });
  });

  it("reads the percent-encoded message, and shows one that is not as it is", () => {
    const shown = (text: string) => reply({ "grpc-status": "3", "grpc-message": text });
    expect(shown("a%20b%C3%BC")).toMatchObject({ reason: "gRPC INVALID_ARGUMENT: a bü" });
    expect(shown("100%")).toMatchObject({ reason: "gRPC INVALID_ARGUMENT: 100%" });
  });

  it("takes the answer of a proxy by its HTTP status, and none at all as UNAVAILABLE", () => {
    expect(reply({}, 503)).toMatchObject({ reason: "gRPC UNAVAILABLE", isFinal: false });
    expect(reply({}, 404)).toMatchObject({ reason: "gRPC UNIMPLEMENTED", isFinal: true });
    expect(reply({}, 0)).toMatchObject({ reason: "gRPC UNAVAILABLE", isFinal: false });
  });

  it("reads damaged details as none, whatever they are", () => {
    const whole = Buffer.from(details(7), "base64");
    for (let i = 0; i < whole.length; i++) {
      const damaged = Buffer.from(whole);
      damaged[i] = 255 - damaged[i]!;
      const ms = retryInfoMs(damaged.toString("base64"));
      expect(ms === undefined || Number.isFinite(ms) || Number.isNaN(ms)).toBe(true);
      expect(retryInfoMs(whole.subarray(0, i).toString("base64"))).not.toBe(7000);
    }
  });
});

const directory = mkdtempSync(join(tmpdir(), "sdk-grpc-"));
const files = { key: join(directory, "key.pem"), cert: join(directory, "cert.pem") };
const hasPair = (() => {
  const subject = ["-subj", "/CN=avx", "-addext", "subjectAltName=IP:127.0.0.1"];
  const how = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const out = ["-keyout", files.key, "-out", files.cert];
  try {
    execFileSync("openssl", ["req", "-x509", ...how, ...subject, ...out], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!hasPair)(
  hasPair ? "gRPC over TLS" : "gRPC over TLS: needs openssl on the path",
  () => {
    it("trusts OTEL_EXPORTER_OTLP_CERTIFICATE and shows its own certificate", async () => {
      const [key, cert] = [readFileSync(files.key), readFileSync(files.cert)];
      const pair = [{ private_key: key, cert_chain: cert }];
      const credentials = ServerCredentials.createSsl(cert, pair, true);
      const sink = new GrpcSink();
      const address = await sink.listen(credentials);
      cleanups.push(() => sink.close());
      const telemetry = initTelemetry({
        environment: {
          OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
          OTEL_EXPORTER_OTLP_ENDPOINT: `https://${address}`,
          OTEL_EXPORTER_OTLP_CERTIFICATE: files.cert,
          OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: files.cert,
          OTEL_EXPORTER_OTLP_CLIENT_KEY: files.key,
        },
        runtimeMetrics: false,
        writeLog: () => {},
      });
      telemetry.tracer.startSpan("secret").end();
      await telemetry.shutdown();
      const [call] = await sink.received("traces");
      expect(decodeOtlpTracesProtobuf(call!.body)[0]?.name).toBe("secret");
      rmSync(directory, { recursive: true });
    });

    it("names a file that cannot be read", () => {
      const environment = { OTEL_EXPORTER_OTLP_CERTIFICATE: join(directory, "absent.pem") };
      expect(() => telemetryConfig(environment)).toThrow(/^OTEL_EXPORTER_OTLP_CERTIFICATE: /);
    });
  },
);

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setImmediate(resolve));
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.on("connect", () => resolve(false)).on("error", () => resolve(true));
    socket.on("connect", () => socket.destroy());
  });
}
