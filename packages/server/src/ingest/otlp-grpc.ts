import { AvxError } from "@avx/model";
import { decodeRpcStatus } from "@avx/wire";
import {
  type handleUnaryCall,
  Metadata,
  type MethodDefinition,
  Server,
  type ServerCredentials,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import type { ListenAddress } from "../config.ts";
import { requireFreePort } from "../self/listen.ts";
import {
  type GrpcAccess,
  type GrpcRefusal,
  gateInterceptor,
  grpcCredentials,
} from "./grpc-access.ts";
import { MAX_INFLATED_BYTES } from "./inflate.ts";
import type { IngestPorts, IngestReply, IngestRequest, IngestSignal } from "./ingest-request.ts";
import { refuseOtlp } from "./otlp-answer.ts";
import { handleOtlpLogs } from "./otlp-logs.ts";
import { handleOtlpMetrics } from "./otlp-metrics.ts";
import { handleOtlpTraces } from "./otlp-traces.ts";

const PROTOBUF = "application/x-protobuf";
/** Calls under way on one connection; each may hold a message of 32 MiB. Collectors have about 10. */
const MAX_CONCURRENT_CALLS = 64;
/** Calls under way get this long when the server stops. */
const DRAIN_TIMEOUT_MS = 5000;
/** Header of an HTTP/2 answer that holds the google.rpc.Status with its details. */
const STATUS_DETAILS = "grpc-status-details-bin";

type Handle = (request: IngestRequest, ports: IngestPorts) => Promise<IngestReply>;

interface Service {
  readonly name: string;
  readonly signal: IngestSignal;
  readonly handle: Handle;
}

const SERVICES: readonly Service[] = [
  { name: "metrics.v1.MetricsService", signal: "metrics", handle: handleOtlpMetrics },
  { name: "trace.v1.TraceService", signal: "traces", handle: handleOtlpTraces },
  { name: "logs.v1.LogsService", signal: "logs", handle: handleOtlpLogs },
];

/** OTLP over gRPC: the same doors as over HTTP, without any .proto file. */
export interface OtlpGrpc {
  /** Fails with `port_taken`. */
  listen(address: ListenAddress, option: string): Promise<ListenAddress>;
  /** Takes no new calls, finishes those under way. */
  close(): Promise<void>;
}

/** A gRPC server that hands the bytes of each message to the OTLP doors; it does not listen yet. */
export function createOtlpGrpc(ports: IngestPorts, { gate, tls }: GrpcAccess): OtlpGrpc {
  const credentials = grpcCredentials(tls);
  const refuse = (error: unknown, path: string) => {
    const signal = SERVICES.find(({ name }) => path.includes(name))?.signal ?? "metrics";
    return failureOf(refuseOtlp(error, { contentType: PROTOBUF, signal, ports }));
  };
  const server = new Server({
    // Holds for the message as sent and inflated; 4 MiB is gRPC's default.
    "grpc.max_receive_message_length": MAX_INFLATED_BYTES,
    "grpc.max_concurrent_streams": MAX_CONCURRENT_CALLS,
    interceptors: [gateInterceptor(gate, refuse)],
  });
  for (const { name, handle } of SERVICES) {
    const implementation: UntypedServiceImplementation = { Export: unary(handle, ports) };
    server.addService(serviceOf(name), implementation);
  }
  return {
    async listen(address, option) {
      await requireFreePort(address, option);
      const host = address.host.includes(":") ? `[${address.host}]` : address.host;
      const at = `${host}:${address.port}`;
      const port = await bind(server, at, credentials).catch((cause: unknown) => {
        throw new AvxError("port_taken", { ...address, option }, { cause });
      });
      return { host: address.host, port };
    },
    close: () => drain(server),
  };
}

/** Messages pass as they are. */
function serviceOf(name: string): ServiceDefinition {
  const method: MethodDefinition<Buffer, Buffer> = {
    path: `/opentelemetry.proto.collector.${name}/Export`,
    requestStream: false,
    responseStream: false,
    requestSerialize: (bytes) => bytes,
    requestDeserialize: (bytes) => bytes,
    responseSerialize: (bytes) => bytes,
    responseDeserialize: (bytes) => bytes,
  };
  return { Export: method };
}

function unary(handle: Handle, ports: IngestPorts): handleUnaryCall<Buffer, Buffer> {
  return (call, callback) => {
    const request: IngestRequest = {
      contentType: PROTOBUF,
      contentEncoding: "",
      isInflated: true,
      body: call.request,
      headers: headersOf(call.metadata),
    };
    handle(request, ports).then(
      (reply) => {
        if (reply.status === 200) callback(null, Buffer.from(reply.body));
        else callback(failureOf(reply));
      },
      (error: unknown) => {
        ports.reportFailure(error);
        callback({ code: status.INTERNAL, details: "internal error" });
      },
    );
  };
}

function headersOf(metadata: Metadata): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata.getMap()).map(([name, value]) => [name, String(value)]),
  );
}

/** The google.rpc.Status that the door answers over HTTP, as status, message and details of a call. */
function failureOf({ body }: IngestReply): GrpcRefusal {
  const { code, message } = decodeRpcStatus(body, "protobuf");
  const metadata = new Metadata();
  metadata.set(STATUS_DETAILS, Buffer.from(body));
  return { code, details: message, metadata };
}

function bind(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
}

function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.forceShutdown(), DRAIN_TIMEOUT_MS);
    server.tryShutdown(() => {
      clearTimeout(force);
      resolve();
    });
  });
}
