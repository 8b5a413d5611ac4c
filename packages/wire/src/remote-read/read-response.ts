import type { LabelledSeries } from "@avx/model";
import { ProtoWriter } from "../protobuf/writer.ts";
import { encodeWriteRequest, writeLabels } from "../remote-write/encode-v1.ts";
import { encodeXorChunk } from "./xor-chunk.ts";

/** As Prometheus cuts them. */
const SAMPLES_PER_CHUNK = 120;
/** A frame is sent when it has this much: Prometheus' own limit for one. */
const FRAME_BYTES = 1024 * 1024;
const XOR = 1;

/**
 * A `prometheus.ReadResponse` with all samples, not yet compressed; one list of series a query. A
 * result has the same form as what is written: series in field 1.
 */
export function encodeReadResponse(results: readonly (readonly LabelledSeries[])[]): Uint8Array {
  const writer = new ProtoWriter();
  for (const series of results) {
    writer.bytesAlways(1, encodeWriteRequest({ series, metadata: [], exemplars: [] }));
  }
  return writer.finish();
}

/**
 * The series of one query as frames of a chunked answer: `prometheus.ChunkedReadResponse` messages,
 * each behind its length and its CRC32C (the caller has the function). Floats only: a native histogram has no place in an XOR chunk.
 */
export function* encodeReadFrames(
  series: readonly LabelledSeries[],
  queryIndex: number,
  crc32c: (bytes: Uint8Array) => number,
): Generator<Uint8Array> {
  for (const one of series) {
    const { length } = one.timestampsMs;
    for (let from = 0; from < length; ) {
      const writer = new ProtoWriter();
      const start = writer.begin(1);
      writeLabels(writer, one.labels);
      let bytes = 0;
      for (; from < length && bytes < FRAME_BYTES; from += SAMPLES_PER_CHUNK) {
        bytes += writeChunk(writer, one, from);
      }
      writer.end(start);
      writer.uint(2, queryIndex);
      const message = writer.finish();
      yield framed(message, crc32c(message));
    }
  }
}

function writeChunk(writer: ProtoWriter, series: LabelledSeries, from: number): number {
  const to = Math.min(from + SAMPLES_PER_CHUNK, series.timestampsMs.length);
  const data = encodeXorChunk(series, from, to);
  const start = writer.begin(2);
  writer.int64(1, series.timestampsMs[from]!);
  writer.int64(2, series.timestampsMs[to - 1]!);
  writer.uint(3, XOR);
  writer.bytesField(4, data);
  writer.end(start);
  return data.length;
}

function framed(message: Uint8Array, checksum: number): Uint8Array {
  const head: number[] = [];
  let rest = message.length;
  for (; rest >= 128; rest >>>= 7) head.push((rest & 127) | 128);
  head.push(rest);
  const frame = new Uint8Array(head.length + 4 + message.length);
  frame.set(head);
  new DataView(frame.buffer).setUint32(head.length, checksum);
  frame.set(message, head.length + 4);
  return frame;
}
