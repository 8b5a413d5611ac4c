import { DeltaAccumulator, LabelCache, PointLabelCache } from "@avx/wire";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { MAX_COMPRESSED_BYTES } from "./inflate.ts";
import {
  type IngestPorts,
  type IngestReply,
  type IngestRequest,
  MAX_DELTA_SERIES,
  MAX_LABEL_CACHE_BYTES,
} from "./ingest-request.ts";
import { handleOtlpLogs } from "./otlp-logs.ts";
import { handleOtlpMetrics } from "./otlp-metrics.ts";
import { handleOtlpTraces } from "./otlp-traces.ts";
import { handleRemoteWrite } from "./remote-write.ts";

type Door = (request: IngestRequest, ports: IngestPorts) => Promise<IngestReply>;

const DOORS: Readonly<Record<string, Door>> = {
  "/v1/metrics": handleOtlpMetrics,
  "/v1/traces": handleOtlpTraces,
  "/v1/logs": handleOtlpLogs,
  "/api/v1/otlp/v1/metrics": handleOtlpMetrics,
  "/api/v1/otlp/v1/traces": handleOtlpTraces,
  "/api/v1/otlp/v1/logs": handleOtlpLogs,
  "/api/v1/write": handleRemoteWrite,
};

/** The doors need a state that outlives requests and is shared by all ports of the server. */
export function createIngestPorts(
  options: Omit<IngestPorts, "deltas" | "labels" | "pointLabels">,
): IngestPorts {
  return {
    ...options,
    deltas: new DeltaAccumulator(MAX_DELTA_SERIES),
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
      // The compress plugin of the main port would inflate the body first, without our caps.
      const options = {
        bodyLimit: MAX_COMPRESSED_BYTES,
        decompress: false,
        compress: false,
      } as const;
      doors.post(url, options, async (request, reply) =>
        send(reply, await door(ingestRequest(request), ports)),
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
