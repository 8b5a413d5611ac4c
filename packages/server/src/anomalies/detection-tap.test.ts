import { type Labels, setStaleAt } from "@avx/model";
import { describe, expect, it } from "vitest";
import { createDetectionKit, EXPORT_MS, T0 } from "./fixtures/detection-kit.ts";

describe("detection tap", () => {
  it("drops what finds the queue full, counts it, and never rejects the append", async () => {
    const kit = createDetectionKit('{__name__="queue_depth"}');
    const length = 250_000;
    const series = {
      ...kit.sample("queue_depth", {}, 0),
      timestampsMs: Float64Array.from({ length }, (_, i) => T0 - length + i),
      values: new Float64Array(length),
    };
    const { accepted } = await kit.send([series]);
    expect(accepted).toBe(length);
    expect(kit.tap.takeSamples().ids).toHaveLength(200_000);
    expect(kit.tap.dropped).toBe(50_000);
  });

  it("takes a stale marker for no sample, and NaN for one", async () => {
    const kit = createDetectionKit('{__name__="queue_depth"}');
    const ended = kit.sample("queue_depth", {}, 0);
    setStaleAt(ended.values, 0);
    await kit.send([ended, kit.sample("queue_depth", {}, Number.NaN)]);
    expect([...kit.tap.takeSamples().values]).toEqual([Number.NaN]);
  });

  it("hears lists of series that come again, also one whose series had only ended before", async () => {
    const kit = createDetectionKit('{__name__="queue_depth"}');
    const list = (...names: string[]) => names.map((name) => kit.sample(name, {}, 0).labels);
    const sendList = async (labels: readonly Labels[], values: Float64Array) => {
      const ends = Uint32Array.from(labels, (_, i) => i + 1);
      const timestampsMs = new Float64Array(labels.length).fill(kit.now());
      const packed = { labels, ends, timestampsMs, values };
      await kit.tap.append({ series: [], packed, metadata: [], exemplars: [] });
      return [...kit.tap.takeSamples().values];
    };
    const mixed = list("other", "queue_depth", "another");
    const unheard = list("other", "another");
    const ended = Float64Array.of(1, 2, 3);
    setStaleAt(ended, 1);
    expect(await sendList(mixed, ended)).toEqual([]);
    for (const value of [5, 6]) {
      expect(await sendList(mixed, Float64Array.of(1, value, 3))).toEqual([value]);
      expect(await sendList(unheard, Float64Array.of(1, 2))).toEqual([]);
    }
  });

  it("knows when a service was last heard", async () => {
    const kit = createDetectionKit();
    expect(kit.tap.heardMs("cart")).toBeUndefined();
    const heardMs = kit.now();
    await kit.step([kit.sample("http_server_request_duration_seconds_count", {}, 1)]);
    expect(kit.tap.heardMs("cart")).toBe(heardMs);
  });

  it("knows the distance of a service's samples after a few", async () => {
    const kit = createDetectionKit();
    for (let i = 0; i < 5; i++) {
      expect(kit.tap.cadenceMs("cart")).toBeUndefined();
      await kit.step([kit.sample("http_server_request_duration_seconds_count", {}, i)]);
    }
    expect(kit.tap.cadenceMs("cart")).toBe(EXPORT_MS);
  });

  it("trusts a service whose samples come, also when one instance replaces another", async () => {
    const kit = createDetectionKit();
    const exports = async (instance: string, keeps: (i: number) => boolean) => {
      for (let i = 0; i < 60; i++) {
        const labels = { instance };
        const name = "http_server_request_duration_seconds_count";
        if (keeps(i)) await kit.step([kit.sample(name, labels, i)]);
        else kit.skip(EXPORT_MS);
      }
    };
    await exports("a", () => true);
    await exports("b", () => true);
    expect(kit.tap.holdOf("cart")).toBeUndefined();
    for (let i = 0; i < 3; i++) await exports("b", (at) => at % 3 < 2);
    expect(kit.tap.holdOf("cart")?.problems).toMatchObject([{ dimension: "completeness" }]);
    expect(kit.tap.holdOf("nobody")).toBeUndefined();
  });
});
