import { createRandom } from "@avx/analysis";
import { parseSelector } from "@avx/promql";
import { describe, expect, it } from "vitest";
import { createDetectionKit, EXPORT_MS, T0 } from "./fixtures/detection-kit.ts";
import type { PastSamples } from "./live-detection.ts";
import { replayWatched } from "./watched-history.ts";

describe("history of watched series", () => {
  it("is learned before the first sample is judged, so that a change right after a start is found", async () => {
    const kit = createDetectionKit('{__name__="queue_depth"}');
    const random = createRandom(5);
    const series = {
      ...kit.sample("queue_depth", {}, 0),
      timestampsMs: Float64Array.from({ length: 120 }, (_, i) => T0 - (120 - i) * EXPORT_MS),
      values: Float64Array.from({ length: 120 }, () => 20 + random.normal()),
    };
    await kit.store.metrics.append({ series: [series], metadata: [], exemplars: [] });
    kit.detection.learnFirst(async () => {
      const ports = {
        ...{ reader: kit.store.metrics, registry: kit.registry },
        selectors: [parseSelector('{__name__="queue_depth"}')],
        learn: (past: readonly PastSamples[]) => kit.detection.learn(past),
      };
      expect(await replayWatched(ports, T0 - 1)).toEqual({ samples: 120, skipped: 0 });
      expect(await replayWatched(ports, T0 - 1)).toEqual({ samples: 0, skipped: 0 });
    });
    for (const value of [80, 81]) await kit.step([kit.sample("queue_depth", {}, value)]);
    expect(kit.found()).toHaveLength(1);
  });

  it("is left out where there is more of it than can be learned at a start", async () => {
    const kit = createDetectionKit();
    const reader = {
      estimate: async () => ({ series: 1000, samples: 6_000_000 }),
      select: () => Promise.reject(new Error("must not be read")),
    };
    const ports = { reader, registry: kit.registry, learn: async () => {} };
    const selectors = [parseSelector("up")];
    expect(await replayWatched({ ...ports, selectors }, T0)).toEqual({ samples: 0, skipped: 1 });
  });
});
