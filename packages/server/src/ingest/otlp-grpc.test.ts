import { AvxError, type Span } from "@avx/model";
import {
  decodeExportResponse,
  decodeRpcStatus,
  encodeOtlpLogsProtobuf,
  encodeOtlpMetricsProtobuf,
  encodeOtlpTracesProtobuf,
} from "@avx/wire";
import { Client, credentials, type ServiceError, status } from "@grpc/grpc-js";
import { describe, expect, it, onTestFinished } from "vitest";
import { Gate } from "../access/gate.ts";
import { KeyFolder } from "../access/key-folder.ts";
import { KeyRing } from "../access/key-ring.ts";
import { type FakePorts, fakePorts, NOW_NANO } from "./fixtures/fake-ports.ts";
import type { GrpcAccess } from "./grpc-access.ts";
import { MAX_INFLATED_BYTES } from "./inflate.ts";
import { createOtlpGrpc } from "./otlp-grpc.ts";

/** Nobody is asked for a key. */
const OPEN: GrpcAccess = {
  gate: new Gate(new KeyRing(new KeyFolder("/nonexistent"), () => 0), () => 0),
  tls: undefined,
};
const PATH = "/opentelemetry.proto.collector";
const TRACES = `${PATH}.trace.v1.TraceService/Export`;
const METRICS = `${PATH}.metrics.v1.MetricsService/Export`;
const LOGS = `${PATH}.logs.v1.LogsService/Export`;
const GZIP = 2;

const resource = { attributes: new Map([["service.name", "svc"]]) };
const scope = { name: "", version: "", attributes: new Map<string, string>() };
const span = (override: Partial<Span> = {}): Span => ({
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  ...{ parentSpanId: "", traceState: "", flags: 1, name: "GET", kind: "server", resource, scope },
  ...{ startUnixNano: NOW_NANO - 5n, endUnixNano: NOW_NANO, attributes: new Map() },
  ...{ events: [], links: [], status: "unset", statusMessage: "" },
  ...override,
});

/** A client of grpc-js against a server on a free port. */
async function connect(ports: FakePorts) {
  const server = createOtlpGrpc(ports, OPEN);
  const { host, port } = await server.listen({ host: "127.0.0.1", port: 0 }, "--otlp-grpc-listen");
  const open = (options = {}) => {
    const client = new Client(`${host}:${port}`, credentials.createInsecure(), {
      "grpc.max_send_message_length": -1,
      ...options,
    });
    onTestFinished(() => client.close());
    return (path: string, body: Uint8Array): Promise<Buffer> =>
      new Promise((resolve, reject) => {
        const raw = (bytes: Buffer): Buffer => bytes;
        client.makeUnaryRequest(path, raw, raw, Buffer.from(body), (error, answer) => {
          if (error) reject(error);
          else resolve(answer ?? Buffer.alloc(0));
        });
      });
  };
  onTestFinished(() => server.close());
  return { open, address: { host, port } };
}

const failure = (call: Promise<unknown>): Promise<ServiceError> =>
  call.then(
    () => {
      throw new Error("the call did not fail");
    },
    (error: ServiceError) => error,
  );

describe("OTLP over gRPC", () => {
  it("hands spans to the store, plain and compressed, and answers full success", async () => {
    const ports = fakePorts();
    const { open } = await connect(ports);
    const body = encodeOtlpTracesProtobuf([span()]);
    for (const options of [{}, { "grpc.default_compression_algorithm": GZIP }]) {
      expect(await open(options)(TRACES, body)).toHaveLength(0);
    }
    expect(ports.spans.map(({ name }) => name)).toEqual(["GET", "GET"]);
  });

  it("takes metrics and logs as well", async () => {
    const ports = fakePorts();
    const send = (await connect(ports)).open();
    const point = { attributes: new Map<string, string>(), startUnixNano: 0n, isInteger: false };
    const points = [
      { ...point, timeUnixNano: NOW_NANO, noRecordedValue: false, value: 7, exemplars: [] },
    ];
    const metric = { name: "g", description: "", unit: "", resource, scope, points };
    await send(METRICS, encodeOtlpMetricsProtobuf([{ ...metric, kind: "gauge" }]));
    expect(ports.batches[0]?.series[0]?.values[0]).toBe(7);
    await send(LOGS, encodeOtlpLogsProtobuf([]));
    expect(ports.counted).toContain("accepted logs 0");
  });

  it("answers partial success with what was refused", async () => {
    const send = (await connect(fakePorts())).open();
    const body = encodeOtlpTracesProtobuf([span(), span({ endUnixNano: 1n, startUnixNano: 1n })]);
    const answer = decodeExportResponse("traces", "protobuf", await send(TRACES, body));
    expect(answer).toMatchObject({ rejected: 1 });
  });

  it("answers bad bytes with INVALID_ARGUMENT", async () => {
    const send = (await connect(fakePorts())).open();
    const error = await failure(send(TRACES, Uint8Array.of(0x0a, 5)));
    expect(error.code).toBe(status.INVALID_ARGUMENT);
    expect(error.details).toContain("cannot decode");
  });

  it("answers a store that is away with UNAVAILABLE and when to retry", async () => {
    const ports = fakePorts();
    ports.behaviour.error = new AvxError("store_unavailable", { reason: "restarting" });
    const send = (await connect(ports)).open();
    const error = await failure(send(TRACES, encodeOtlpTracesProtobuf([span()])));
    expect(error.code).toBe(status.UNAVAILABLE);
    const [details] = error.metadata.get("grpc-status-details-bin");
    if (!(details instanceof Buffer)) throw new Error("no details");
    expect(decodeRpcStatus(details, "protobuf").code).toBe(status.UNAVAILABLE);
    expect(details.toString("latin1")).toContain("google.rpc.RetryInfo");
  });

  it("answers a full disk with UNAVAILABLE: exporters drop what is answered otherwise", async () => {
    const ports = fakePorts();
    ports.behaviour.error = new AvxError("storage_full", { reason: "no space" });
    const send = (await connect(ports)).open();
    const error = await failure(send(TRACES, encodeOtlpTracesProtobuf([span()])));
    expect(error.code).toBe(status.UNAVAILABLE);
    expect(error.details).toContain("the disk is full");
    const [details] = error.metadata.get("grpc-status-details-bin");
    expect(String(details)).toContain("RetryInfo");
  });

  it.each([
    ["plain", {}],
    ["a few compressed bytes", { "grpc.default_compression_algorithm": GZIP }],
  ])("refuses a message beyond 32 MiB that comes as %s", async (_, options) => {
    const ports = fakePorts();
    const send = (await connect(ports)).open(options);
    const error = await failure(send(TRACES, new Uint8Array(MAX_INFLATED_BYTES + 1)));
    expect(error.code).toBe(status.RESOURCE_EXHAUSTED);
    expect(ports.counted).toEqual([]);
  });

  it("takes a message above gRPC's default of 4 MiB and above the 8 MiB of an HTTP body", async () => {
    const ports = fakePorts();
    const attributes = new Map([["a", "x".repeat(60_000)]]);
    const spans = Array.from({ length: 160 }, () => span({ attributes }));
    const body = encodeOtlpTracesProtobuf(spans);
    expect(body.length).toBeGreaterThan(9e6);
    await (await connect(ports)).open()(TRACES, body);
    expect(ports.spans).toHaveLength(160);
  });

  it("knows no other method", async () => {
    const send = (await connect(fakePorts())).open();
    const error = await failure(send("/other.Service/Export", new Uint8Array(0)));
    expect(error.code).toBe(status.UNIMPLEMENTED);
  });

  it("says which port is taken and how to choose another", async () => {
    const { address } = await connect(fakePorts());
    const second = createOtlpGrpc(fakePorts(), OPEN);
    await expect(second.listen(address, "--otlp-grpc-listen")).rejects.toThrow(
      /port \d+ on 127\.0\.0\.1 is taken; choose another with --otlp-grpc-listen/,
    );
    await second.close();
  });
});
