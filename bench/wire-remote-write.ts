/**
 * What it costs to turn remote write bytes into columns: snappy and protobuf, with the labels of a
 * steady sender remembered and without. Two shapes of request: 1000 series x 10 samples, and
 * 10,000 series x 1 sample. Prints one JSON line, CPU microseconds a sample (best of several runs).
 */
import { type LabelledSeries, type Labels, labelsFromRecord } from "@avx/model";
import {
  decodeWriteRequest,
  encodeWriteRequest,
  LabelCache,
  snappyDecode,
  snappyEncode,
} from "@avx/wire";

const STEP_MS = 15_000;
const START_MS = 1_700_000_000_000;
const REQUESTS = 20;
const RUNS = 12;
const MAX_BYTES = 32 * 1024 * 1024;

interface Shape {
  readonly series: number;
  readonly samples: number;
}

function labelsOf(i: number): Labels {
  return labelsFromRecord({
    __name__: "http_server_request_duration_seconds_bucket",
    job: `job${i % 5}`,
    instance: `10.0.0.${i % 50}:9100`,
    http_route: `/api/v1/route${i % 40}`,
    http_request_method: i % 3 === 0 ? "POST" : "GET",
    le: String((i % 10) / 10),
    series: String(i),
  });
}

/** Counters that grow by small steps, as real ones do. */
function requestBytes({ series, samples }: Shape, request: number): Uint8Array {
  const columns = Array.from({ length: series }, (_, i): LabelledSeries => {
    const first = START_MS + request * samples * STEP_MS;
    return {
      labels: labelsOf(i),
      timestampsMs: Float64Array.from({ length: samples }, (_, k) => first + k * STEP_MS),
      values: Float64Array.from(
        { length: samples },
        (_, k) => (request * samples + k) * (1 + (i % 7)),
      ),
    };
  });
  return encodeWriteRequest({ series: columns, metadata: [], exemplars: [] });
}

/** Best CPU microseconds a sample over all runs; the first ones warm the compiler up. */
function cpuMicrosPerSample(samplesPerRun: number, run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < RUNS; i++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / samplesPerRun);
  }
  return Math.round(best * 10_000) / 10_000;
}

function measure(shape: Shape): Record<string, number> {
  const plain = Array.from({ length: REQUESTS }, (_, i) => requestBytes(shape, i));
  const compressed = plain.map(snappyEncode);
  const samples = REQUESTS * shape.series * shape.samples;
  const cache = new LabelCache(64 * 1024 * 1024);
  const each = (bodies: readonly Uint8Array[], use: (body: Uint8Array) => unknown) => () => {
    for (const body of bodies) use(body);
  };
  const first = compressed[0]!;
  return {
    bytesPerSample: plain[0]!.length / (shape.series * shape.samples),
    compressedBytesPerSample: first.length / (shape.series * shape.samples),
    snappyDecode: cpuMicrosPerSample(
      samples,
      each(compressed, (body) => snappyDecode(body, MAX_BYTES)),
    ),
    decodeWithoutCache: cpuMicrosPerSample(
      samples,
      each(plain, (body) => decodeWriteRequest(body)),
    ),
    decodeWithCache: cpuMicrosPerSample(
      samples,
      each(plain, (body) => decodeWriteRequest(body, cache)),
    ),
    both: cpuMicrosPerSample(
      samples,
      each(compressed, (body) => decodeWriteRequest(snappyDecode(body, MAX_BYTES), cache)),
    ),
    snappyEncode: cpuMicrosPerSample(samples, each(plain, snappyEncode)),
  };
}

console.log(
  JSON.stringify({
    unit: "CPU us a sample",
    "1000 x 10": measure({ series: 1000, samples: 10 }),
    "10000 x 1": measure({ series: 10_000, samples: 1 }),
  }),
);
