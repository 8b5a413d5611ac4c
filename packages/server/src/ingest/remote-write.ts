import { AvxError } from "@avx/model";
import { decodeWriteRequest, decodeWriteRequestV2, type RemoteWriteRequest } from "@avx/wire";
import { errorReply } from "../error-status.ts";
import { acceptablePacked, acceptableSeries, labelFault } from "./acceptable-series.ts";
import { inflateBody, SnappyInflater } from "./inflate.ts";
import type { IngestPorts, IngestReply, IngestRequest } from "./ingest-request.ts";
import { isLongerThan, LABEL_LIMITS, MAX_ITEMS_PER_REQUEST } from "./limits.ts";
import { Refusals } from "./refusals.ts";
import { timeWindow } from "./time-window.ts";

const V1 = "prometheus.WriteRequest";
const V2 = "io.prometheus.write.v2.Request";
const WRITTEN = "x-prometheus-remote-write";

/** Samples and histograms of one request that were stored. */
interface Written {
  readonly samples: number;
  readonly histograms: number;
  readonly exemplars: number;
}

const snappy = new SnappyInflater();

const NOTHING: Written = { samples: 0, histograms: 0, exemplars: 0 };

/**
 * `POST /api/v1/write`: Prometheus remote write 1.0 and 2.0. What is sound is stored; when anything
 * was refused the answer is 400, which senders do not retry. Never rejects.
 */
export async function handleRemoteWrite(
  request: IngestRequest,
  ports: IngestPorts,
): Promise<IngestReply> {
  try {
    const content = await readRequest(request, ports);
    const refusals = new Refusals();
    for (const [reason, samples] of content.faults) refusals.add(reason, samples);
    const written = await store(content, ports, refusals);
    refusals.count(ports.counters, "metrics");
    ports.counters.accepted("metrics", written.samples + written.histograms);
    if (refusals.total === 0) return noContent(written);
    const reason = refusals.message();
    return failure(new AvxError("bad_request", { reason }), written, ports);
  } catch (error) {
    return refuseRemoteWrite(error, ports);
  }
}

async function readRequest(
  { contentType, contentEncoding, body }: IngestRequest,
  { labels }: IngestPorts,
): Promise<RemoteWriteRequest> {
  const version = messageType(contentType);
  // Early senders of 1.0 leave the header out and compress all the same, as Prometheus assumes.
  const isSnappy = contentEncoding === "" || contentEncoding === "snappy";
  // The decoders keep nothing of the bytes and do not wait, so the next request may overwrite them.
  const bytes = isSnappy ? snappy.inflate(body) : await inflateBody(body, contentEncoding);
  const content = version === V2 ? decodeWriteRequestV2(bytes) : decodeWriteRequest(bytes, labels);
  const count = content.sampleCount + content.histogramCount;
  if (count > MAX_ITEMS_PER_REQUEST) {
    throw new AvxError("too_many_points", { count, limit: MAX_ITEMS_PER_REQUEST });
  }
  return content;
}

/** The `proto` parameter says which message it is; without one it is 1.0. */
function messageType(contentType: string): string {
  const [type = "", ...parameters] = contentType.split(";").map((part) => part.trim());
  const proto = parameters.find((parameter) => /^proto=/i.test(parameter))?.slice("proto=".length);
  const message = proto?.replace(/^"|"$/g, "") ?? V1;
  const isProtobuf = type === "" || type.toLowerCase() === "application/x-protobuf";
  if (!isProtobuf || (message !== V1 && message !== V2)) {
    const supported = `application/x-protobuf;proto=${V1}, application/x-protobuf;proto=${V2}`;
    throw new AvxError("unsupported_media_type", { contentType, supported });
  }
  return message;
}

async function store(
  content: RemoteWriteRequest,
  ports: IngestPorts,
  refusals: Refusals,
): Promise<Written> {
  const window = timeWindow(ports);
  const exemplars = content.exemplars.filter(({ labels }) => {
    const fault = labelFault(labels);
    if (fault !== undefined) refusals.add("exemplar_labels_too_long");
    return fault === undefined;
  });
  const metadata = content.metadata.filter(({ name, unit, help }) => {
    const isLong = [name, unit, help].some((text) =>
      isLongerThan(text, LABEL_LIMITS.maxValueBytes),
    );
    if (isLong) refusals.add("metadata_too_long");
    return !isLong;
  });
  const series = acceptableSeries(content.series, window, refusals);
  const packed = acceptablePacked(content.packed, window, refusals);
  const isEmpty = series.length + packed.labels.length + metadata.length + exemplars.length === 0;
  if (isEmpty) return NOTHING;
  const { rejected, reason } = await ports.store.metrics.append({
    ...{ series, packed, metadata, exemplars },
  });
  refusals.addFromStore(rejected, reason);
  let samples = packed.values.length;
  let histograms = 0;
  for (const one of series) {
    const found = one.histograms?.filter((histogram) => histogram !== undefined).length ?? 0;
    histograms += found;
    samples += one.values.length - found;
  }
  return { samples: Math.max(0, samples - rejected), histograms, exemplars: exemplars.length };
}

/**
 * The answer to anything thrown on the way of a remote write request, of which nothing is stored.
 */
export function refuseRemoteWrite(error: unknown, ports: IngestPorts): IngestReply {
  return failure(error, NOTHING, ports);
}

function noContent(written: Written): IngestReply {
  const headers = writtenHeaders(written);
  return { status: 204, contentType: "", headers, body: new Uint8Array(0) };
}

function failure(error: unknown, written: Written, ports: IngestPorts): IngestReply {
  const { status, body, retryAfterSeconds } = errorReply(error);
  if (status === 500) ports.reportFailure(error);
  ports.counters.refused("metrics", body.code);
  const headers: Record<string, string> = writtenHeaders(written);
  if (retryAfterSeconds !== undefined) headers["retry-after"] = String(retryAfterSeconds);
  return {
    status,
    contentType: "application/json",
    headers,
    body: new TextEncoder().encode(JSON.stringify(body)),
  };
}

/** Remote write 2.0 demands these in every answer, also when nothing was written. */
function writtenHeaders({ samples, histograms, exemplars }: Written): Record<string, string> {
  return {
    [`${WRITTEN}-samples-written`]: String(samples),
    [`${WRITTEN}-histograms-written`]: String(histograms),
    [`${WRITTEN}-exemplars-written`]: String(exemplars),
  };
}
