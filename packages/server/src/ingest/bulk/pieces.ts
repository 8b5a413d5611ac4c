import {
  decodeOtlpLogsJson,
  decodeOtlpLogsProtobuf,
  decodeOtlpMetricsJson,
  decodeOtlpMetricsProtobuf,
  decodeOtlpTracesJson,
  decodeOtlpTracesProtobuf,
  encodeOtlpLogsProtobuf,
  encodeOtlpMetricsProtobuf,
  encodeOtlpTracesProtobuf,
  type OtlpEncoding,
  type OtlpMetric,
} from "@avx/wire";
import type { IngestSignal } from "../ingest-request.ts";
import { MAX_ITEMS_PER_REQUEST } from "../limits.ts";

/** Items of a piece: about 5 ms of decoding, checking and storing. */
const ITEMS_PER_PIECE = 1000;

/** A body that is too large to be read at a stretch. */
export interface BulkBody {
  readonly signal: IngestSignal;
  readonly encoding: OtlpEncoding;
  /** Inflated. */
  readonly bytes: Uint8Array;
}

/**
 * The same data points, spans or records as protobuf requests of at most 1000 each, in their order;
 * the same body gives the same pieces. Throws what the decoders throw.
 */
export function piecesOf({ signal, encoding, bytes }: BulkBody): Uint8Array<ArrayBuffer>[] {
  const options = { maxItems: MAX_ITEMS_PER_REQUEST };
  const isJson = encoding === "json";
  if (signal === "traces") {
    const decode = isJson ? decodeOtlpTracesJson : decodeOtlpTracesProtobuf;
    return slices(decode(bytes, options)).map((items) => own(encodeOtlpTracesProtobuf(items)));
  }
  if (signal === "logs") {
    const decode = isJson ? decodeOtlpLogsJson : decodeOtlpLogsProtobuf;
    return slices(decode(bytes, options)).map((items) => own(encodeOtlpLogsProtobuf(items)));
  }
  const decode = isJson ? decodeOtlpMetricsJson : decodeOtlpMetricsProtobuf;
  return metricSlices(decode(bytes, options)).map((items) => own(encodeOtlpMetricsProtobuf(items)));
}

function slices<T>(items: readonly T[]): T[][] {
  const found: T[][] = [];
  for (let from = 0; from < items.length; from += ITEMS_PER_PIECE) {
    found.push(items.slice(from, from + ITEMS_PER_PIECE));
  }
  return found;
}

/** A metric of many points is cut too. */
function metricSlices(metrics: readonly OtlpMetric[]): OtlpMetric[][] {
  const found: OtlpMetric[][] = [];
  let piece: OtlpMetric[] = [];
  let room = ITEMS_PER_PIECE;
  for (const metric of metrics) {
    for (let from = 0; from < Math.max(1, metric.points.length); ) {
      const part = withPoints(metric, from, from + room);
      piece.push(part);
      from += Math.max(1, part.points.length);
      // A metric without points takes room too, or a piece could be all of them.
      room -= Math.max(1, part.points.length);
      if (room > 0) continue;
      found.push(piece);
      piece = [];
      room = ITEMS_PER_PIECE;
    }
  }
  return piece.length > 0 ? [...found, piece] : found;
}

function withPoints(metric: OtlpMetric, from: number, to: number): OtlpMetric {
  if (from === 0 && to >= metric.points.length) return metric;
  // Proof of the `as`: a part of the points of one kind, so the kind of the metric stays.
  return { ...metric, points: metric.points.slice(from, to) } as OtlpMetric;
}

/** A copy in memory of its own, which can be handed to another thread. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
