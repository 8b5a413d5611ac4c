import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { evenlySpaced } from "../../time-series.ts";
import { createStreamingSeriesDetector } from "./series-detector.ts";

describe("createStreamingSeriesDetector", () => {
  const random = createRandom(1);
  const values = Array.from({ length: 400 }, (_, i) => 50 + random.normal() + (i >= 300 ? 80 : 0));

  it("lists the one sample that a live stream would have paged", () => {
    const { anomalies } = createStreamingSeriesDetector().detect(
      evenlySpaced(values, { stepMs: 60_000 }),
    );
    expect(anomalies).toHaveLength(1);
    expect(anomalies[0]).toMatchObject({ index: 301, type: "Streaming", threshold: 0.5 });
    expect(anomalies[0]?.score).toBeGreaterThan(0.75);
  });

  it("has a score for every finite sample and none for the others", () => {
    const holed = values.map((value, i) => (i === 100 ? Number.NaN : value));
    const { scores } = createStreamingSeriesDetector().detect(
      evenlySpaced(holed, { stepMs: 60_000 }),
    );
    expect(scores[100]).toBeNaN();
    expect(scores.filter(Number.isFinite)).toHaveLength(399);
  });
});
