import { Readable } from "node:stream";
import { AvxError, type LabelledSeries } from "@avx/model";
import { compileMatcher, DEFAULT_QUERY_LIMITS } from "@avx/promql";
import { crc32c, type MetricStore } from "@avx/store";
import {
  decodeReadRequest,
  encodeReadFrames,
  encodeReadResponse,
  type ReadQuery,
  type ReadRequest,
  snappyEncode,
} from "@avx/wire";
import type { FastifyInstance, FastifyReply } from "fastify";
import { inflateBody } from "../ingest/inflate.ts";
import { hangUpSignal } from "./hang-up-signal.ts";
import { badData } from "./parameters.ts";
import { QueryPlaces } from "./query-admission.ts";

/** Selectors and times only. */
const MAX_REQUEST_BYTES = 1024 * 1024;
/** Each holds its samples in memory until the client has them; they wait apart from the queries. */
const PLACES = { running: 2, waiting: 16, waitMs: 10_000, timeoutMs: 60_000 };
/** One message of 20 bytes a sample, and its compressed copy, in memory at once. */
const MAX_SAMPLES_AT_ONCE = 5_000_000;
const CHUNKS_TYPE = "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse";

/** What remote read is answered from. */
export interface RemoteReadPorts {
  readonly metrics: Pick<MetricStore, "select" | "estimate">;
}

/**
 * `/api/v1/read`, Prometheus' remote read: raw samples of series by their labels, as one message
 * or, where the client takes them, as a stream of chunks.
 */
export function registerRemoteRead(app: FastifyInstance, { metrics }: RemoteReadPorts): void {
  const places = new QueryPlaces(PLACES);
  void app.register(async (doors) => {
    doors.removeAllContentTypeParsers();
    doors.addContentTypeParser("*", { parseAs: "buffer" }, (_, body, done) => done(null, body));
    const options = {
      bodyLimit: MAX_REQUEST_BYTES,
      // The answer has its own encoding, and the question is inflated with our caps.
      ...({ decompress: false, compress: false } as const),
    };
    doors.post("/api/v1/read", options, async ({ body, headers }, reply) => {
      const sent = body instanceof Uint8Array ? body : new Uint8Array(0);
      const bytes = await inflateBody(sent, headers["content-encoding"] ?? "snappy");
      const request = checked(decodeReadRequest(bytes));
      const signal = hangUpSignal(reply);
      return places.hold(signal, async () => {
        const results = await readAll(request, metrics, signal);
        const { accepted } = request;
        if (accepted[0] === "chunks" && results.every(hasFloatsOnly)) {
          return sendChunks(reply, results);
        }
        if (accepted.includes("samples")) return sendSamples(reply, results);
        throw badData("native histograms are answered as samples only, which are not accepted");
      });
    });
  });
}

function checked(request: ReadRequest): ReadRequest {
  const { accepted, queries } = request;
  for (const { matchers } of queries) for (const matcher of matchers) compileMatcher(matcher);
  // A client that names nothing is older than the choice, and takes samples.
  if (accepted.length === 0) return { queries, accepted: ["samples"] };
  return request;
}

/** Throws `query_limit_exceeded` before anything is read. */
async function readAll(
  { queries, accepted }: ReadRequest,
  metrics: RemoteReadPorts["metrics"],
  signal: AbortSignal,
): Promise<(readonly LabelledSeries[])[]> {
  const limit = accepted[0] === "chunks" ? DEFAULT_QUERY_LIMITS.samples : MAX_SAMPLES_AT_ONCE;
  const estimates = await Promise.all(
    queries.map(({ matchers, range }) => metrics.estimate(matchers, range)),
  );
  const needed = estimates.reduce((sum, { samples }) => sum + samples, 0);
  requireAtMost(limit, needed);
  const results: (readonly LabelledSeries[])[] = [];
  for (const query of queries) results.push(await readOne(query, metrics, signal));
  return results;
}

function readOne(
  { matchers, range }: ReadQuery,
  metrics: RemoteReadPorts["metrics"],
  signal: AbortSignal,
): Promise<readonly LabelledSeries[]> {
  if (range.endMs < range.startMs) throw badData("end timestamp must not be before start time");
  return metrics.select(matchers, range, signal);
}

function requireAtMost(limit: number, needed: number): void {
  if (needed > limit)
    throw new AvxError("query_limit_exceeded", { needed, what: "samples", limit });
}

function hasFloatsOnly(series: readonly LabelledSeries[]): boolean {
  return series.every(({ histograms }) => !histograms?.some((one) => one !== undefined));
}

function sendSamples(
  reply: FastifyReply,
  results: readonly (readonly LabelledSeries[])[],
): FastifyReply {
  const samples = results.flat().reduce((sum, { values }) => sum + values.length, 0);
  requireAtMost(MAX_SAMPLES_AT_ONCE, samples);
  const body = Buffer.from(snappyEncode(encodeReadResponse(results)));
  return reply.type("application/x-protobuf").header("Content-Encoding", "snappy").send(body);
}

/** Frames are made as the client takes them, so that nothing else is held up. */
function sendChunks(
  reply: FastifyReply,
  results: readonly (readonly LabelledSeries[])[],
): FastifyReply {
  async function* frames() {
    for (const [i, series] of results.entries()) {
      for (const frame of encodeReadFrames(series, i, crc32c)) {
        yield frame;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }
  return reply.type(CHUNKS_TYPE).send(Readable.from(frames(), { objectMode: false }));
}
