import type { OtlpSignal } from "@avx/wire";
import {
  Metadata,
  type MethodDefinition,
  Server,
  ServerCredentials,
  type status,
} from "@grpc/grpc-js";

/** One call that a sink received. */
export interface SinkCall {
  readonly signal: OtlpSignal;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The request, inflated. */
  readonly body: Buffer;
}

/** What a sink answers to one call instead of taking it. */
export interface SinkRefusal {
  readonly code: status;
  readonly message: string;
  /** An encoded google.rpc.Status. */
  readonly details?: Uint8Array;
}

const SERVICES: Readonly<Record<OtlpSignal, string>> = {
  metrics: "metrics.v1.MetricsService",
  traces: "trace.v1.TraceService",
  logs: "logs.v1.LogsService",
};

/** A local OTLP receiver on the official gRPC server, for tests: keeps what it gets, answers as told. */
export class GrpcSink {
  readonly calls: SinkCall[] = [];
  /** Of the next calls; when empty, calls are taken. */
  readonly refusals: SinkRefusal[] = [];
  /** The encoded answer to a call that is taken. */
  answer: Uint8Array = new Uint8Array(0);
  readonly #server = new Server();
  #arrived: (() => void)[] = [];

  constructor() {
    for (const [signal, service] of Object.entries(SERVICES)) {
      const method: MethodDefinition<Buffer, Buffer> = {
        path: `/opentelemetry.proto.collector.${service}/Export`,
        requestStream: false,
        responseStream: false,
        requestSerialize: (bytes) => bytes,
        requestDeserialize: (bytes) => bytes,
        responseSerialize: (bytes) => bytes,
        responseDeserialize: (bytes) => bytes,
      };
      this.#server.addService(
        { Export: method },
        { Export: this.#take(signal as OtlpSignal) }, // the keys of SERVICES
      );
    }
  }

  /** Starts on the port, 0 is a free one; gives `127.0.0.1:port`. */
  listen(credentials = ServerCredentials.createInsecure(), port = 0): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(`127.0.0.1:${port}`, credentials, (error, bound) =>
        error === null ? resolve(`127.0.0.1:${bound}`) : reject(error),
      );
    });
  }

  /** Resolves when `count` calls of a signal have arrived. */
  async received(signal: OtlpSignal, count = 1): Promise<SinkCall[]> {
    for (;;) {
      const matching = this.calls.filter((call) => call.signal === signal);
      if (matching.length >= count) return matching;
      await new Promise<void>((resolve) => this.#arrived.push(resolve));
    }
  }

  close(): void {
    this.#server.forceShutdown();
  }

  #take(signal: OtlpSignal) {
    type Reply = (error: object | null, value?: Buffer) => void;
    return (call: { request: Buffer; metadata: Metadata }, reply: Reply): void => {
      this.calls.push({ signal, metadata: call.metadata.getMap(), body: call.request });
      const refusal = this.refusals.shift();
      if (refusal === undefined) reply(null, Buffer.from(this.answer));
      else reply(failure(refusal));
      for (const resolve of this.#arrived.splice(0)) resolve();
    };
  }
}

function failure({ code, message, details }: SinkRefusal): object {
  const metadata = new Metadata();
  if (details !== undefined) metadata.set("grpc-status-details-bin", Buffer.from(details));
  return { code, details: message, metadata };
}
