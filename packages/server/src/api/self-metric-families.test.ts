import { describe, expect, it } from "vitest";
import { selfMetricFamilies } from "./self-metric-families.ts";

const TEXT = `# HELP requests_total Requests.
# TYPE requests_total counter
requests_total{code="200"} 7
# HELP ready Whether ready.
# TYPE ready gauge
ready NaN
# HELP wait_seconds Waiting.
# TYPE wait_seconds histogram
wait_seconds_bucket{door="a",le="0.5"} 1
wait_seconds_bucket{door="a",le="+Inf"} 2
wait_seconds_sum{door="a"} 3.5
wait_seconds_count{door="a"} 2
`;

// The JSON form of client_model's MetricFamily: 64-bit integers and non-numbers are texts.
describe("selfMetricFamilies", () => {
  it("gives counters, gauges and histograms in the JSON form of client_model", () => {
    expect(selfMetricFamilies(TEXT)).toEqual([
      {
        name: "requests_total",
        help: "Requests.",
        type: "COUNTER",
        metric: [{ label: [{ name: "code", value: "200" }], counter: { value: 7 } }],
      },
      {
        name: "ready",
        help: "Whether ready.",
        type: "GAUGE",
        metric: [{ label: [], gauge: { value: "NaN" } }],
      },
      {
        name: "wait_seconds",
        help: "Waiting.",
        type: "HISTOGRAM",
        metric: [
          {
            label: [{ name: "door", value: "a" }],
            histogram: {
              sampleCount: "2",
              sampleSum: 3.5,
              bucket: [
                { cumulativeCount: "1", upperBound: 0.5 },
                { cumulativeCount: "2", upperBound: "Infinity" },
              ],
            },
          },
        ],
      },
    ]);
  });

  it("is empty for no text", () => {
    expect(selfMetricFamilies("")).toEqual([]);
  });
});
