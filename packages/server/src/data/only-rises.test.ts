import type { MetricMetadata, MetricType } from "@avx/model";
import { describe, expect, it } from "vitest";
import { onlyRises } from "./only-rises.ts";

function described(types: Readonly<Record<string, MetricType>>) {
  return new Map(
    Object.entries(types).map(([name, type]): [string, MetricMetadata[]] => [
      name,
      [{ name, type, unit: "", help: "" }],
    ]),
  );
}

describe("onlyRises", () => {
  it.each([
    ["a counter by its description", ["hits", { hits: "counter" }, true]],
    ["a counter by its name", ["hits_total", {}, true]],
    ["the parts of a histogram", ["wait_bucket", { wait: "histogram" }, true]],
    ["the count of a summary", ["wait_count", { wait: "summary" }, true]],
    [
      "a gauge whose name ends as a part does",
      ["descriptor_count", { descriptor_count: "gauge" }, false],
    ],
    ["a name that ends so and is not described", ["descriptor_count", {}, false]],
    ["quantiles of a summary", ["wait", { wait: "summary" }, false]],
    ["a gauge that ends with _total", ["memory_total", { memory_total: "gauge" }, false]],
  ] as const)("tells %s", (_, [metric, types, expected]) => {
    expect(onlyRises(metric, described(types))).toBe(expected);
  });
});
