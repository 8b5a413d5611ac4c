import { isStaleAt, labelsFromRecord, labelValue, setStaleAt } from "@avx/model";
import { encodeWriteRequest, snappyEncode, type WriteRequestContent } from "@avx/wire";
import { describe, expect, it } from "vitest";
import { fakePorts, jsonOf, NOW_MS, request } from "./fixtures/fake-ports.ts";
import { handleRemoteWrite } from "./remote-write.ts";

const series = (labels: Record<string, string>, timestampsMs: number[], values: number[]) => ({
  labels: labelsFromRecord(labels),
  timestampsMs: Float64Array.from(timestampsMs),
  values: Float64Array.from(values),
});
const content = (override: Partial<WriteRequestContent>): WriteRequestContent => ({
  series: [],
  metadata: [],
  exemplars: [],
  ...override,
});
const send = (override: Partial<WriteRequestContent>, contentType = "application/x-protobuf") =>
  request(snappyEncode(encodeWriteRequest(content(override))), {
    contentType,
    contentEncoding: "snappy",
  });
const up = { __name__: "up", job: "a" };

describe("handleRemoteWrite", () => {
  it("stores samples with their bits and answers 204 with what was written", async () => {
    const ports = fakePorts();
    const sent = series(up, [NOW_MS - 1, NOW_MS], [1, 0]);
    setStaleAt(sent.values, 1);
    const reply = await handleRemoteWrite(send({ series: [sent] }), ports);
    expect(reply.status).toBe(204);
    expect(reply.headers).toEqual({
      "x-prometheus-remote-write-samples-written": "2",
      "x-prometheus-remote-write-histograms-written": "0",
      "x-prometheus-remote-write-exemplars-written": "0",
    });
    const stored = ports.batches[0]?.series[0];
    expect(stored?.labels).toEqual(sent.labels);
    expect(isStaleAt(stored!.values, 1)).toBe(true);
  });

  it("gives a steady sender's series the same labels object every time", async () => {
    const ports = fakePorts();
    for (let i = 0; i < 2; i++) {
      await handleRemoteWrite(send({ series: [series(up, [NOW_MS + i], [1])] }), ports);
    }
    const [first, second] = ports.batches.map(({ series }) => series[0]?.labels);
    expect(first).toBe(second);
  });

  it("stores what is in time and answers 400 about the rest", async () => {
    const ports = fakePorts();
    const mixed = series(up, [0, NOW_MS, NOW_MS + 3_600_000], [1, 2, 3]);
    const reply = await handleRemoteWrite(send({ series: [mixed] }), ports);
    expect(reply.status).toBe(400);
    expect(reply.headers["x-prometheus-remote-write-samples-written"]).toBe("1");
    expect(jsonOf(reply)).toMatchObject({ status: "error", code: "bad_request" });
    expect([...(ports.batches[0]?.series[0]?.values ?? [])]).toEqual([2]);
    expect(ports.counted).toContain("rejected metrics timestamp_past 1");
    expect(ports.counted).toContain("rejected metrics timestamp_future 1");
  });

  it("leaves out of many series what is not in time, and nothing else", async () => {
    const ports = fakePorts();
    const sent = [
      series(up, [NOW_MS - 2, NOW_MS - 1], [1, 2]),
      series({ ...up, x: "old" }, [0, 1], [3, 4]),
      series({ ...up, x: "y" }, [1, NOW_MS], [5, 0]),
      series({ ...up, x: "z" }, [NOW_MS], [7]),
    ];
    setStaleAt(sent[2]!.values, 1);
    const reply = await handleRemoteWrite(send({ series: sent }), ports);
    expect(reply.headers["x-prometheus-remote-write-samples-written"]).toBe("4");
    const stored = ports.batches[0]?.series ?? [];
    expect(stored.map(({ labels }) => labelValue(labels, "x"))).toEqual(["", "y", "z"]);
    expect(stored.map(({ timestampsMs }) => [...timestampsMs])).toEqual([
      [NOW_MS - 2, NOW_MS - 1],
      [NOW_MS],
      [NOW_MS],
    ]);
    expect(isStaleAt(stored[1]!.values, 0)).toBe(true);
  });

  it("refuses labels without a metric name, keeping other series", async () => {
    const ports = fakePorts();
    const nameless = series({ job: "a" }, [NOW_MS], [1]);
    const reply = await handleRemoteWrite(
      send({ series: [nameless, series(up, [NOW_MS], [1])] }),
      ports,
    );
    expect(reply.status).toBe(400);
    expect(ports.batches[0]?.series).toHaveLength(1);
    expect(ports.counted).toContain("rejected metrics malformed_labels 1");
  });

  it("refuses label values beyond 4 KiB", async () => {
    const long = series({ ...up, x: "y".repeat(5000) }, [NOW_MS], [1]);
    const ports = fakePorts();
    expect((await handleRemoteWrite(send({ series: [long] }), ports)).status).toBe(400);
    expect(ports.batches).toEqual([]);
  });

  it("refuses endless exemplar labels and metadata, keeping the samples", async () => {
    const sample = series(up, [NOW_MS], [1]);
    const exemplars = [
      {
        seriesLabels: sample.labels,
        labels: labelsFromRecord({ x: "y".repeat(5000) }),
        value: 1,
        timestampMs: NOW_MS,
      },
    ];
    const metadata = [{ name: "up", type: "gauge", unit: "", help: "x".repeat(5000) } as const];
    const ports = fakePorts();
    const reply = await handleRemoteWrite(send({ series: [sample], exemplars, metadata }), ports);
    expect(reply.status).toBe(400);
    expect(ports.batches[0]).toMatchObject({ exemplars: [], metadata: [] });
    expect(ports.batches[0]?.series).toHaveLength(1);
  });

  it("takes metadata alone", async () => {
    const ports = fakePorts();
    const metadata = [{ name: "up", type: "gauge", unit: "", help: "h" } as const];
    expect((await handleRemoteWrite(send({ metadata }), ports)).status).toBe(204);
    expect(ports.batches[0]?.metadata).toEqual(metadata);
  });

  it.each([
    ["application/x-protobuf;proto=prometheus.WriteRequest", 204],
    ['application/x-protobuf; proto="prometheus.WriteRequest"', 204],
    ["application/x-protobuf;proto=io.prometheus.write.v3.Request", 415],
    ["application/json", 415],
  ])("answers content type %s with %d", async (contentType, status) => {
    const reply = await handleRemoteWrite(send({}, contentType), fakePorts());
    expect(reply.status).toBe(status);
  });

  it("takes snappy for granted when the header is missing, and refuses what is not", async () => {
    const { body } = send({ series: [series(up, [NOW_MS], [1])] });
    expect((await handleRemoteWrite(request(body), fakePorts())).status).toBe(204);
    const plain = encodeWriteRequest(content({ series: [series(up, [NOW_MS], [1])] }));
    expect((await handleRemoteWrite(request(plain), fakePorts())).status).toBe(400);
  });
});
