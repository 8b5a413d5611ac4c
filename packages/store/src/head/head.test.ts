import { labelsFromRecord, type Matcher } from "@avx/model";
import { compileMatcher } from "@avx/promql";
import { describe, expect, it } from "vitest";
import { batchOf, bitsOf, seriesOf, valuesOfBits } from "../testing/sample-data.ts";
import { seededRandom } from "../testing/simulated-disk.ts";
import { Head } from "./head.ts";
import { LabelIndex } from "./label-index.ts";
import { mergeColumns } from "./merge-columns.ts";
import { BLOCK_MS, blockStartOf, SampleBlock } from "./sample-block.ts";

const EVERYTHING = { oldestMs: -1e15, newestMs: 1e15 };
const STALE = 0x7ff0000000000002n;

describe("blockStartOf", () => {
  it.each([
    [0, 0],
    [BLOCK_MS - 1, 0],
    [BLOCK_MS, BLOCK_MS],
    [-1, -BLOCK_MS],
    [-BLOCK_MS, -BLOCK_MS],
  ])("of %d is %d", (timeMs, startMs) => expect(blockStartOf(timeMs)).toBe(startMs));
});

describe("a sample block", () => {
  it("equals a sorted map, whatever the order of writes", () => {
    const random = seededRandom(3);
    const block = new SampleBlock(0);
    const expected = new Map<number, number>();
    let added = 0;
    for (let n = 0; n < 2000; n++) {
      const timeMs = Math.floor(random() * 500);
      const run = seriesOf({}, [
        [timeMs, n],
        [timeMs + 1, n + 0.5],
      ]);
      added += block.write(run, 0, 2);
      expected.set(timeMs, n).set(timeMs + 1, n + 0.5);
    }
    const sorted = [...expected].sort(([a], [b]) => a - b);
    const read = block.read({ startMs: 0, endMs: BLOCK_MS });
    expect([...read!.timestampsMs]).toEqual(sorted.map(([timeMs]) => timeMs));
    expect([...read!.values]).toEqual(sorted.map(([, value]) => value));
    expect(added).toBe(expected.size);
    const [[from = 0] = [], [to = 0] = []] = [sorted[10]!, sorted[20]!];
    expect(block.read({ startMs: from, endMs: to })?.values).toHaveLength(11);
  });

  it("keeps stale markers in short and long runs, in order and late", () => {
    const block = new SampleBlock(0);
    for (const [first, length] of [
      [100, 3],
      [200, 64],
      [50, 2],
    ] as const) {
      const values = valuesOfBits(Array.from({ length }, () => STALE));
      const timestampsMs = Float64Array.from({ length }, (_, i) => first + i);
      block.write({ timestampsMs, values }, 0, length);
    }
    const bits = bitsOf(block.read({ startMs: 0, endMs: 1000 })!.values);
    expect(bits).toEqual(Array.from({ length: 69 }, () => STALE.toString(16)));
  });
});

describe("mergeColumns", () => {
  it("lets the later part win, and keeps every bit", () => {
    const stale = { timestampsMs: Float64Array.of(2, 5), values: valuesOfBits([STALE, STALE]) };
    const merged = mergeColumns([
      seriesOf({}, [
        [1, 10],
        [2, 20],
        [3, 30],
      ]),
      stale,
    ]);
    expect([...merged.timestampsMs]).toEqual([1, 2, 3, 5]);
    expect(bitsOf(merged.values)[1]).toBe(STALE.toString(16));
    expect(merged.values[2]).toBe(30);
  });
});

describe("the label index", () => {
  it("selects what testing every series selects", () => {
    const random = seededRandom(11);
    const pick = (values: readonly string[]) => values[Math.floor(random() * values.length)]!;
    const index = new LabelIndex();
    for (let i = 0; i < 300; i++) {
      const labels = labelsFromRecord({
        __name__: pick(["a", "b", "__proto__"]),
        job: pick(["", "x", "y", "constructor"]),
        n: pick(["", "1", "12", "2"]),
      });
      if (!index.find(labels)) index.add(labels);
    }
    const removed = new Set([...index.all()].filter((_, i) => i % 5 === 0));
    index.remove(removed);
    for (let i = 0; i < 500; i++) {
      const matchers: Matcher[] = Array.from({ length: 1 + random() * 3 }, () => ({
        name: pick(["__name__", "job", "n", "absent", "constructor"]),
        op: pick(["=", "!=", "=~", "!~"]) as Matcher["op"],
        value: pick(["", "x", "1", "1.*", "x|y", ".+", ".*", "constructor", "a|__proto__"]),
      }));
      const expected = [...index.all()].filter(({ labels }) =>
        matchers.every((matcher) => {
          const at = labels.findIndex((part, k) => k % 2 === 0 && part === matcher.name);
          return compileMatcher(matcher)(at < 0 ? "" : labels[at + 1]!);
        }),
      );
      const found = index.select(matchers);
      expect(new Set(found)).toEqual(new Set(expected));
      expect(found).toHaveLength(expected.length);
    }
  });
});

describe("the head", () => {
  it("counts samples, replaced ones once, and forgets what is dropped", () => {
    const head = new Head({ maxSeries: 10 });
    const write = (timeMs: number) =>
      head.write(head.admit(batchOf(seriesOf({ a: "b" }, [[timeMs, 1]])), EVERYTHING).taken);
    for (const timeMs of [1, 1, 2, BLOCK_MS]) write(timeMs);
    expect(head.sampleCount).toBe(3);
    head.dropBefore(BLOCK_MS);
    expect(head.sampleCount).toBe(1);
    expect(head.index.size).toBe(1);
    head.dropBefore(3 * BLOCK_MS);
    expect([head.sampleCount, head.index.size]).toEqual([0, 0]);
  });

  const admitted = (head: Head, labels: Record<string, string>, timeMs = 1) => {
    const { taken, ...result } = head.admit(batchOf(seriesOf(labels, [[timeMs, 1]])), EVERYTHING);
    head.write(taken);
    return result;
  };

  it("names the service that has reached its limit, while its known series and others flow on", () => {
    const head = new Head({ maxSeries: 100, maxServiceSeries: 2 });
    const of = (service: string, path: string) => ({ service_name: service, path });
    for (const path of ["/a", "/b", "/c"]) admitted(head, of("shop", path));
    const refused = admitted(head, of("shop", "/d"));
    expect(refused).toMatchObject({ accepted: 0, rejected: 1 });
    expect(refused.reason).toBe('the service "shop" has reached the limit of 2 series');
    expect(admitted(head, of("shop", "/a"), 2).accepted).toBe(1);
    expect(admitted(head, of("cart", "/a")).accepted).toBe(1);
    expect(admitted(head, { job: "shop" }).accepted).toBe(1);
    for (const path of ["/a", "/b", "/c"]) expect(admitted(head, { path }).accepted).toBe(1);
    expect(head.arrivals.all()).toEqual([{ service: "shop", refused: 2, duplicates: 0, late: 0 }]);
  });

  it("counts repeats and late samples by service", () => {
    const head = new Head({ maxSeries: 100 });
    for (const timeMs of [5, 7, 7, 6, 8]) admitted(head, { job: "node" }, timeMs);
    expect(head.arrivals.all()).toEqual([{ service: "node", refused: 0, duplicates: 1, late: 1 }]);
  });
});
