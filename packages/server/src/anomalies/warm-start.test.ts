import { labelsFromRecord } from "@avx/model";
import { createQueryEngine } from "@avx/promql";
import { createMemoryStore } from "@avx/store";
import { describe, expect, it } from "vitest";
import type { WarmUpRequest } from "./live-detection.ts";
import { createSeriesWatch, type SeriesWatch, type WatchedSeries } from "./series-watch.ts";
import { replayHistory } from "./warm-start.ts";

const NOW_MS = 1_700_000_000_000;
const CADENCE_MS = 15_000;
const SAMPLES = 400;

async function kit() {
  const store = createMemoryStore({ retentionMs: "off", nowMs: () => NOW_MS });
  const counter = (name: string, perSample: number, labels: Record<string, string> = {}) => ({
    labels: labelsFromRecord({ __name__: name, service_name: "cart", ...labels }),
    timestampsMs: Float64Array.from(
      { length: SAMPLES },
      (_, i) => NOW_MS - (SAMPLES - i) * CADENCE_MS,
    ),
    values: Float64Array.from({ length: SAMPLES }, (_, i) => i * perSample),
  });
  const name = "http_server_request_duration_seconds";
  const series = [
    counter(`${name}_count`, 150),
    counter(`${name}_count`, 3, { http_response_status_code: "500" }),
    counter(`${name}_bucket`, 150, { le: "0.1" }),
    counter(`${name}_bucket`, 153, { le: "+Inf" }),
  ];
  await store.metrics.append({ series, metadata: [], exemplars: [] });
  const watches = new Map<string, SeriesWatch>();
  const watchOf = (watched: WatchedSeries): SeriesWatch => {
    const watch = watches.get(watched.key) ?? createSeriesWatch(watched);
    watches.set(watched.key, watch);
    return watch;
  };
  const engine = createQueryEngine({ reader: store.metrics });
  const request: WarmUpRequest = {
    ...{ service: "cart", cadenceMs: CADENCE_MS, nowMs: NOW_MS },
    lastMs: ({ key }) => watches.get(key)?.lastMs ?? 0,
    learn: async (past) => {
      for (const { series: watched, timestampsMs, values } of past) {
        timestampsMs.forEach((timeMs, i) => {
          watchOf(watched).learn(timeMs, values[i]!);
        });
      }
    },
  };
  return { watches, replay: () => replayHistory(engine, request) };
}

describe("warm start", () => {
  it("replays the golden signals of the past, and never the same sample again", async () => {
    const { watches, replay } = await kit();
    const learned = await replay();
    expect(learned).toBeGreaterThan(3 * (SAMPLES - 10));
    expect([...watches.keys()].sort()).toEqual(
      ["errors", "latency", "traffic"].map((signal) => `${signal} cart`),
    );
    expect(watches.get("traffic cart")?.lastMs).toBeGreaterThan(NOW_MS - 2 * CADENCE_MS);
    expect(await replay()).toBeLessThanOrEqual(3);
  });

  it("gives a detector what it needs to judge at once", async () => {
    const { watches, replay } = await kit();
    await replay();
    const latency = watches.get("latency cart");
    let opened = false;
    for (let i = 0; i < 3; i++) {
      const sample = { timestampMs: NOW_MS + i * CADENCE_MS, value: 2 };
      opened ||= latency?.push(sample, 0.75).change === "opened";
    }
    expect(opened).toBe(true);
  });
});
