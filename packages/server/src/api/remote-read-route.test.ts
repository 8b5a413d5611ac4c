import { type LabelledSeries, labelsFromRecord, labelsToRecord } from "@avx/model";
import { crc32c } from "@avx/store";
import { decodeWriteRequest, encodeReadFrames, snappyDecode, snappyEncode } from "@avx/wire";
import { describe, expect, it } from "vitest";
import { createTestServer, evenSeries, NOW_MS, type TestServer } from "./fixtures/test-server.ts";

/** Field numbers are those of Prometheus' prompb/remote.proto. */
const SAMPLES = 0;
const CHUNKS = 1;

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
const field = (number: number, bytes: readonly number[]): number[] => [
  (number << 3) | 2,
  ...varint(bytes.length),
  ...bytes,
];
const text = (value: string): number[] => [...new TextEncoder().encode(value)];

interface Question {
  readonly name: string;
  readonly op?: number;
  readonly accepted?: readonly number[];
  readonly range?: readonly [number, number];
}

function request({ name, op = 0, accepted = [], range = [0, NOW_MS] }: Question): Buffer {
  const matcher = [0x08, op, ...field(2, text("__name__")), ...field(3, text(name))];
  const query = [0x08, ...varint(range[0]), 0x10, ...varint(range[1]), ...field(3, matcher)];
  const types = accepted.flatMap((type) => [0x10, type]);
  return Buffer.from(snappyEncode(Uint8Array.from([...field(1, query), ...types])));
}

const ask = ({ app }: TestServer, payload: Buffer) =>
  app.inject({
    ...{ method: "POST", url: "/api/v1/read", payload },
    headers: { "content-encoding": "snappy", "content-type": "application/x-protobuf" },
  });

async function serverWith(...series: LabelledSeries[]): Promise<TestServer> {
  const server = await createTestServer();
  await server.add({ series });
  return server;
}

/** The one result of an answer in samples: behind its tag and length it has the form of a write request. */
function seriesIn(body: Buffer) {
  const bytes = snappyDecode(body, 1e6);
  let at = 1;
  while (bytes[at]! >= 128) at++;
  const { packed } = decodeWriteRequest(bytes.subarray(at + 1));
  return packed.labels.map((labels, i) => ({
    labels: labelsToRecord(labels),
    values: [...packed.values.subarray(packed.ends[i - 1] ?? 0, packed.ends[i])],
  }));
}

const UP = evenSeries({ __name__: "up", job: "a" }, [1, 0, 1]);
const OTHER = evenSeries({ __name__: "upper", job: "b" }, [5]);

describe("remote read", () => {
  it("answers samples, where nothing else is asked for and where they come first", async () => {
    const server = await serverWith(UP, OTHER);
    for (const accepted of [[], [SAMPLES], [SAMPLES, CHUNKS]]) {
      const { statusCode, headers, rawPayload } = await ask(
        server,
        request({ name: "up", accepted }),
      );
      expect(statusCode).toBe(200);
      expect(headers["content-encoding"]).toBe("snappy");
      expect(headers["content-type"]).toBe("application/x-protobuf");
      const found = [{ labels: { __name__: "up", job: "a" }, values: [1, 0, 1] }];
      expect(seriesIn(rawPayload)).toEqual(found);
    }
  });

  it("takes all four kinds of matchers and keeps to the range", async () => {
    const server = await serverWith(UP, OTHER);
    const names = async (question: Question) =>
      seriesIn((await ask(server, request(question))).rawPayload).map(
        ({ labels }) => labels["job"],
      );
    expect(await names({ name: "up.*", op: 2 })).toEqual(["a", "b"]);
    expect(await names({ name: "up", op: 1 })).toEqual(["b"]);
    expect(await names({ name: "up", op: 3 })).toEqual(["b"]);
    const range = [NOW_MS - 10_000, NOW_MS - 10_000] as const;
    const { rawPayload } = await ask(server, request({ name: "up", range }));
    expect(seriesIn(rawPayload)[0]?.values).toEqual([0]);
  });

  it("streams chunks with their checksums to clients that take them", async () => {
    const server = await serverWith(UP);
    const question = request({ name: "up", accepted: [CHUNKS, SAMPLES] });
    const { headers, rawPayload } = await ask(server, question);
    expect(headers["content-type"]).toBe(
      "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse",
    );
    const length = rawPayload[0]!;
    const message = rawPayload.subarray(5);
    expect(message.length).toBe(length);
    expect(rawPayload.readUInt32BE(1)).toBe(crc32c(message));
    expect([rawPayload]).toEqual([...encodeReadFrames([UP], 0, crc32c)].map(Buffer.from));
  });

  it("answers native histograms as samples only", async () => {
    const histogram = {
      ...{ schema: 0, zeroThreshold: 0, zeroCount: 0, sum: 1, count: 1 },
      ...{ positiveSpans: [{ offset: 0, length: 1 }], positiveBuckets: Float64Array.of(1) },
      ...{
        negativeSpans: [],
        negativeBuckets: new Float64Array(),
        customBounds: new Float64Array(),
      },
      counterResetHint: "unknown" as const,
    };
    const labels = labelsFromRecord({ __name__: "lat" });
    const one = { labels, timestampsMs: Float64Array.of(NOW_MS), values: Float64Array.of(0) };
    const server = await serverWith({ ...one, histograms: [histogram] });
    const both = await ask(server, request({ name: "lat", accepted: [CHUNKS, SAMPLES] }));
    expect(both.headers["content-encoding"]).toBe("snappy");
    const chunksOnly = await ask(server, request({ name: "lat", accepted: [CHUNKS] }));
    expect(chunksOnly.statusCode).toBe(400);
  });

  it.each([
    ["no snappy", Buffer.from("hello"), 400],
    ["no protobuf", Buffer.from(snappyEncode(Uint8Array.of(0x0a, 0x7f))), 400],
    ["a kind of matcher that does not exist", request({ name: "up", op: 7 }), 400],
    ["a regular expression that is none", request({ name: "(", op: 2 }), 400],
    ["an end before the start", request({ name: "up", range: [5, 4] }), 400],
    ["a snappy length of 4 GiB", Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0]), 413],
  ])("refuses %s", async (_, payload, status) => {
    expect((await ask(await serverWith(UP), payload)).statusCode).toBe(status);
  });
});
