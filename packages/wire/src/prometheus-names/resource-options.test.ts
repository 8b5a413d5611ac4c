import { labelsToRecord, labelValue, METRIC_NAME } from "@avx/model";
import { describe, expect, it } from "vitest";
import { unpacked } from "../fixtures/unpacked.ts";
import { SCOPE } from "../otlp/fixtures/requests.ts";
import type { OtlpMetric } from "../otlp/metric.ts";
import { DeltaAccumulator } from "./delta-accumulator.ts";
import { PointLabelCache } from "./point-label-cache.ts";
import { type OtlpNamingOptions, otlpToPrometheus } from "./to-series.ts";

const METRIC: OtlpMetric = {
  ...{ kind: "gauge", name: "load", description: "", unit: "", scope: SCOPE },
  resource: {
    attributes: new Map([
      ["service.name", "cart"],
      ["service.instance.id", "i-1"],
      ["k8s.pod.name", "cart-7"],
    ]),
  },
  points: [
    {
      ...{ attributes: new Map(), startUnixNano: 0n, timeUnixNano: 10_000_000_000n },
      ...{ noRecordedValue: false, value: 1, isInteger: false, exemplars: [] },
    },
  ],
};
/** One cache for all, as a server whose configuration is read again has it. */
const labels = new PointLabelCache(1e6);

function labelsOf(name: string, options: Partial<OtlpNamingOptions> = {}) {
  const usual = { keepUtf8: false, scopeLabels: false, deltas: new DeltaAccumulator(1e6), labels };
  const series = unpacked(otlpToPrometheus([METRIC], { ...usual, ...options }));
  const found = series.find((one) => labelValue(one.labels, METRIC_NAME) === name);
  return found && labelsToRecord(found.labels);
}

describe("what a resource gives to its series", () => {
  it("are also the attributes that are named", () => {
    expect(labelsOf("load")).not.toHaveProperty("k8s_pod_name");
    expect(labelsOf("load", { promote: ["k8s.pod.name", "absent"] })).toEqual({
      ...{ __name__: "load", job: "cart", instance: "i-1", service_name: "cart" },
      k8s_pod_name: "cart-7",
    });
    expect(labelsOf("load")).not.toHaveProperty("k8s_pod_name");
  });

  it("is repeated in target_info where that is wished", () => {
    const usual = { __name__: "target_info", job: "cart", instance: "i-1", k8s_pod_name: "cart-7" };
    expect(labelsOf("target_info")).toEqual(usual);
    expect(labelsOf("target_info", { keepIdentifying: true })).toEqual({
      ...usual,
      ...{ service_name: "cart", service_instance_id: "i-1" },
    });
  });
});
