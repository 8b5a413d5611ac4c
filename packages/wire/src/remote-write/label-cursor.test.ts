import { labelsFromRecord, labelValue, METRIC_NAME } from "@avx/model";
import { describe, expect, it } from "vitest";
import { decodeWriteRequest } from "./decode-v1.ts";
import { encodeWriteRequest } from "./encode-v1.ts";
import { LabelCache } from "./label-cache.ts";

const T = 1_700_000_000_000;

/** A request with one sample of each series, in this order. */
function request(names: readonly string[], samples = 1): Uint8Array {
  const series = names.map((name, i) => ({
    labels: labelsFromRecord({ [METRIC_NAME]: name, job: "shop" }),
    timestampsMs: Float64Array.from({ length: samples }, (_, k) => T + k),
    values: Float64Array.from({ length: samples }, () => i),
  }));
  return encodeWriteRequest({ series, metadata: [], exemplars: [] });
}

function decoder() {
  const cache = new LabelCache(1e6);
  return (bytes: Uint8Array) => decodeWriteRequest(bytes, cache).packed;
}

function namesOf({ labels }: ReturnType<ReturnType<typeof decoder>>): string[] {
  return labels.map((one) => labelValue(one, METRIC_NAME));
}

describe("a steady sender's requests", () => {
  it("bring the same list of labels when the same series come in the same order", () => {
    const decode = decoder();
    const first = decode(request(["a", "b", "c"]));
    const second = decode(request(["a", "b", "c"], 2));
    expect(second.labels).toBe(first.labels);
    expect([...second.ends]).toEqual([2, 4, 6]);
    expect([...second.values]).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it.each([
    ["one more at the end", ["a", "b", "c", "d"]],
    ["one less", ["a", "b"]],
    ["one in between", ["a", "x", "b", "c"]],
    ["another order", ["a", "c", "b"]],
    ["another begin", ["c", "b", "a"]],
    ["a longer name", ["a", "bb", "c"]],
    ["one twice", ["a", "a", "b", "c"]],
  ])("are read as they are with %s", (_, names) => {
    const decode = decoder();
    const first = decode(request(["a", "b", "c"]));
    const changed = decode(request(names));
    expect(namesOf(changed)).toEqual(names);
    expect(changed.labels).not.toBe(first.labels);
    expect(decode(request(names)).labels).toBe(changed.labels);
    expect(namesOf(decode(request(["a", "b", "c"])))).toEqual(["a", "b", "c"]);
  });

  it("may leave a series without samples out: the list is of those that have some", () => {
    const decode = decoder();
    decode(request(["a", "b"]));
    expect(namesOf(decode(request(["a", "b"], 0)))).toEqual([]);
    expect(namesOf(decode(request(["a", "b"])))).toEqual(["a", "b"]);
  });

  it("of many senders are kept apart, within the bound of the cache", () => {
    const cache = new LabelCache(20_000);
    for (let round = 0; round < 3; round++) {
      for (let sender = 0; sender < 40; sender++) {
        const names = [`s${sender}`, "common", `t${sender}`];
        expect(namesOf(decodeWriteRequest(request(names), cache).packed)).toEqual(names);
      }
    }
  });
});
