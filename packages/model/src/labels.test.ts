import { describe, expect, it } from "vitest";
import {
  compareLabels,
  dropLabels,
  keepLabels,
  labelsFromPairs,
  labelsFromRecord,
  labelsKey,
  labelsToRecord,
  labelValue,
  withLabel,
} from "./labels.ts";

describe("labels", () => {
  it("are sorted by name, and an empty value is the same as no label", () => {
    expect([...labelsFromRecord({ b: "2", a: "1", c: "" })]).toEqual(["a", "1", "b", "2"]);
    expect(labelValue(labelsFromRecord({ a: "1" }), "c")).toBe("");
  });

  it("keep the last of two equal names", () => {
    expect([
      ...labelsFromPairs([
        ["a", "1"],
        ["a", "2"],
      ]),
    ]).toEqual(["a", "2"]);
  });

  it("set, replace and remove one label without disturbing the order", () => {
    const labels = labelsFromRecord({ a: "1", c: "3" });
    expect([...withLabel(labels, "b", "2")]).toEqual(["a", "1", "b", "2", "c", "3"]);
    expect([...withLabel(labels, "d", "4")]).toEqual(["a", "1", "c", "3", "d", "4"]);
    expect([...withLabel(labels, "a", "")]).toEqual(["c", "3"]);
  });

  it("keep or drop by name", () => {
    const labels = labelsFromRecord({ a: "1", b: "2", c: "3" });
    expect([...keepLabels(labels, new Set(["a", "c"]))]).toEqual(["a", "1", "c", "3"]);
    expect([...dropLabels(labels, new Set(["a", "c"]))]).toEqual(["b", "2"]);
  });

  it("have distinct keys even where the joined text would be equal", () => {
    expect(labelsKey(labelsFromRecord({ a: "1:b" }))).not.toBe(
      labelsKey(labelsFromRecord({ "a1:": "b" })),
    );
  });

  it("treat __proto__ as plain data", () => {
    const record = labelsToRecord(labelsFromPairs([["__proto__", "x"]]));
    expect(Object.getPrototypeOf(record)).toBe(null);
    expect(Object.keys(record)).toEqual(["__proto__"]);
  });

  it("order as Prometheus: name, then value, then length", () => {
    const sorted = [{ a: "2" }, { a: "1", b: "1" }, { a: "1" }]
      .map(labelsFromRecord)
      .sort(compareLabels);
    expect(sorted.map((labels) => [...labels])).toEqual([
      ["a", "1"],
      ["a", "1", "b", "1"],
      ["a", "2"],
    ]);
  });
});
