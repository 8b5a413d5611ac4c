import { DeltaAccumulator, LabelCache, PointLabelCache } from "@avx/wire";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { MAX_COMPRESSED_BYTES } from "./inflate.ts";
import {
  type IngestPorts,
  type IngestReply,
  type IngestRequest,
  type IngestSignal,
  MAX_DELTA_BYTES,
  MAX_LABEL_CACHE_BYTES,
} from "./ingest-request.ts";
import { refuseOtlp } from "./otlp-answer.ts";
import { handleOtlpLogs } from "./otlp-logs.ts";
import { handleOtlpMetrics } from "./otlp-metrics.ts";
import { handleOtlpTraces } from "./otlp-traces.ts";
import { handleRemoteWrite, refuseRemoteWrite } from "./remote-write.ts";

interface Door {
  readonly handle: (request: IngestRequest, ports: IngestPorts) => Promise<IngestReply>;
  /** Answers what fails before `handle`, such as a body beyond the cap. */
  readonly refuse: (error: unknown, contentType: string, ports: IngestPorts) => IngestReply;
}

function otlpDoor(signal: IngestSignal, handle: Door["handle"]): Door {
  return {
    handle,
    refuse: (error, contentType, ports) => refuseOtlp(error, { contentType, signal, ports }),
  };
}

const METRICS = otlpDoor("metrics", handleOtlpMetrics);
const TRACES = otlpDoor("traces", handleOtlpTraces);
const LOGS = otlpDoor("logs", handleOtlpLogs);

const DOORS: Readonly<Record<string, Door>> = {
  "/v1/metrics": METRICS,
  "/v1/traces": TRACES,
  "/v1/logs": LOGS,
  "/api/v1/otlp/v1/metrics": METRICS,
  "/api/v1/otlp/v1/traces": TRACES,
  "/api/v1/otlp/v1/logs": LOGS,
  "/api/v1/write": {
    handle: handleRemoteWrite,
    refuse: (error, _, ports) => refuseRemoteWrite(error, ports),
  },
};

/** The doors need a state that outlives requests and is shared by all ports of the server. */
export function createIngestPorts(
  options: Omit<IngestPorts, "deltas" | "labels" | "pointLabels">,
): IngestPorts {
  return {
    ...options,
    deltas: new DeltaAccumulator(MAX_DELTA_BYTES),
    labels: new LabelCache(MAX_LABEL_CACHE_BYTES),
    pointLabels: new PointLabelCache(MAX_LABEL_CACHE_BYTES),
  };
}

/** Mounts every ingest door. Bodies reach the doors as they were sent. */
export function registerIngest(app: FastifyInstance, ports: IngestPorts): void {
  void app.register(async (doors) => {
    doors.removeAllContentTypeParsers();
    doors.addContentTypeParser(
      "*",
      { parseAs: "buffer", bodyLimit: MAX_COMPRESSED_BYTES },
      (_, body, done) => done(null, body),
    );
    for (const [url, door] of Object.entries(DOORS)) {
      const options = {
        bodyLimit: MAX_COMPRESSED_BYTES,
        // The compress plugin of the main port would inflate the body first, without our caps.
        ...({ decompress: false, compress: false } as const),
        errorHandler: (error: unknown, { headers }: FastifyRequest, reply: FastifyReply) =>
          send(reply, door.refuse(error, headers["content-type"] ?? "", ports)),
      };
      doors.post(url, options, async (request, reply) =>
        send(reply, await door.handle(ingestRequest(request), ports)),
      );
    }
  });
}

const EMPTY = new Uint8Array(0);

function ingestRequest({ headers, body }: FastifyRequest): IngestRequest {
  return {
    contentType: headers["content-type"] ?? "",
    contentEncoding: headers["content-encoding"] ?? "",
    body: body instanceof Uint8Array ? body : EMPTY,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value[0] : value,
      ]),
    ),
  };
}

function send(reply: FastifyReply, answer: IngestReply): FastifyReply {
  if (answer.contentType !== "") reply.type(answer.contentType);
  return reply
    .code(answer.status)
    .headers(answer.headers)
    .send(Buffer.from(answer.body.buffer, answer.body.byteOffset, answer.body.byteLength));
}
