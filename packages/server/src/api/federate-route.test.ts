import { type LabelledSeries, labelsFromRecord, type NativeHistogram } from "@avx/model";
import { METRIC_FAMILY_CONTENT_TYPE } from "@avx/wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestServer, evenSeries, NOW_MS, type TestServer } from "./fixtures/test-server.ts";

const EXPONENTIAL: NativeHistogram = {
  schema: 0,
  zeroThreshold: 0.001,
  zeroCount: 1,
  sum: 5,
  count: 4,
  positiveSpans: [{ offset: 0, length: 2 }],
  positiveBuckets: Float64Array.of(1, 2),
  negativeSpans: [],
  negativeBuckets: new Float64Array(0),
  customBounds: new Float64Array(0),
  counterResetHint: "unknown",
};
const CUSTOM: NativeHistogram = {
  ...EXPONENTIAL,
  schema: -53,
  zeroThreshold: 0,
  zeroCount: 0,
  count: 3,
  positiveSpans: [{ offset: 1, length: 2 }],
  customBounds: Float64Array.of(0.5, 1),
};

function histogramSeries(name: string, histogram: NativeHistogram): LabelledSeries {
  return {
    labels: labelsFromRecord({ __name__: name, job: "x" }),
    timestampsMs: Float64Array.of(NOW_MS),
    values: new Float64Array(1),
    histograms: [histogram],
  };
}

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
  await server.add({
    series: [
      evenSeries({ __name__: "up", job: "x", instance: "a" }, [0, 1]),
      evenSeries({ __name__: "odd.name", job: "x", text: 'a"\\\n' }, [2.5]),
      histogramSeries("custom", CUSTOM),
      histogramSeries("native", EXPONENTIAL),
    ],
  });
});
afterAll(() => server.app.close());

const federate = (selector: string, accept?: string) =>
  server.app.inject({
    url: `/federate?match[]=${encodeURIComponent(selector)}`,
    headers: accept === undefined ? {} : { accept },
  });

// The shape of the answers follows prometheus/web/federate.go.
describe("/federate", () => {
  it("answers the newest samples with their times, and an empty instance where there is none", async () => {
    const { body, headers } = await federate('{job="x",__name__!~"custom|native"}');
    expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(body.split("\n")).toEqual([
      '# TYPE "odd.name" untyped',
      `{"odd.name",job="x",text="a\\"\\\\\\n",instance=""} 2.5 ${NOW_MS}`,
      "# TYPE up untyped",
      `up{instance="a",job="x"} 1 ${NOW_MS}`,
      "",
    ]);
  });

  it("writes a histogram with custom buckets as a classic one, and leaves other native ones out", async () => {
    const { body } = await federate('{__name__=~"custom|native"}');
    expect(body.split("\n")).toEqual([
      "# TYPE custom histogram",
      `custom_bucket{job="x",instance="",le="0.5"} 0 ${NOW_MS}`,
      `custom_bucket{job="x",instance="",le="1"} 1 ${NOW_MS}`,
      `custom_bucket{job="x",instance="",le="+Inf"} 3 ${NOW_MS}`,
      `custom_sum{job="x",instance=""} 5 ${NOW_MS}`,
      `custom_count{job="x",instance=""} 3 ${NOW_MS}`,
      "",
    ]);
  });

  it("gives native histograms to a scraper that takes protobuf", async () => {
    const accept =
      "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
    const { rawPayload, headers } = await federate("native", accept);
    expect(headers["content-type"]).toBe(METRIC_FAMILY_CONTENT_TYPE);
    expect(rawPayload.readUInt8(0)).toBe(rawPayload.length - 1);
    expect(rawPayload.subarray(1, 9).toString("latin1")).toBe("\n\u0006native");
  });

  it("demands a selector", async () => {
    const { statusCode, body } = await server.app.inject({ url: "/federate" });
    expect([statusCode, JSON.parse(body).error]).toEqual([400, "no match[] parameter provided"]);
  });
});
