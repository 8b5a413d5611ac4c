import { labelsFromRecord, labelsToRecord, type NativeHistogram, setStaleAt } from "@avx/model";
import { expect } from "vitest";
import type { Store } from "../store.ts";
import {
  batchOf,
  bitsOf,
  HOSTILE_TEXTS,
  NEVER,
  readMetric,
  seriesOf,
  T0,
  valuesOfBits,
} from "./sample-data.ts";
import type { StoreCase } from "./store-case.ts";

const HOUR_MS = 3_600_000;

async function samplesOf(store: Store, name: string): Promise<(readonly [number, number])[]> {
  const [series] = await readMetric(store, name);
  return [...(series?.timestampsMs ?? [])].map(
    (timeMs, i) => [timeMs, series!.values[i]!] as const,
  );
}

/** Bit patterns that no copy may change. The stale marker is that of Prometheus (model/value). */
const ODD_BITS = [
  0x7ff0000000000002n, // stale marker, a signalling NaN
  0x7ff8000000000001n, // Prometheus' normal NaN
  0xfff8dead0a0abeefn, // a NaN with a payload and a sign
  0x8000000000000000n, // -0
  0x0a0a0a0a0a0a0a0an, // line ends
  0x0a0a0d0a0d0a0a0an,
  0x7ff0000000000000n, // +Inf
  0xfff0000000000000n, // -Inf
  0x0000000000000001n, // smallest subnormal
  0x433fffffffffffffn, // 2^53 - 1
  0x4340000000000001n, // beyond 2^53
];

const HISTOGRAM: NativeHistogram = {
  schema: 3,
  zeroThreshold: 1e-128,
  zeroCount: 2,
  sum: 18.4,
  count: 12,
  positiveSpans: [
    { offset: 0, length: 2 },
    { offset: 1, length: 1 },
  ],
  positiveBuckets: Float64Array.of(3, 4, 3),
  negativeSpans: [],
  negativeBuckets: new Float64Array(),
  customBounds: new Float64Array(),
  counterResetHint: "unknown",
};

export const SAMPLE_CASES: readonly StoreCase[] = [
  {
    name: "orders late samples and lets the last write of a timestamp win",
    async write({ metrics }) {
      const labels = { __name__: "contract_order" };
      const result = await metrics.append(
        batchOf(
          seriesOf(labels, [
            [T0 + 30, 3],
            [T0 + 10, 1],
            [T0 + 20, 2],
            [T0 + 20, 22],
          ]),
          seriesOf(labels, [[T0 + 30, 33]]),
        ),
      );
      expect(result).toEqual({ accepted: 5, rejected: 0, reason: "" });
      await metrics.append(batchOf(seriesOf(labels, [[T0 + 10, 11]])));
    },
    async check(store) {
      expect(await samplesOf(store, "contract_order")).toEqual([
        [T0 + 10, 11],
        [T0 + 20, 22],
        [T0 + 30, 33],
      ]);
    },
  },
  {
    name: "takes time zero and negative times",
    async write({ metrics }) {
      const samples = [-10 * HOUR_MS - 1, -1, 0, 1].map((timeMs) => [timeMs, timeMs / 2] as const);
      await metrics.append(batchOf(seriesOf({ __name__: "contract_epoch" }, samples)));
    },
    async check(store) {
      const times = (await samplesOf(store, "contract_epoch")).map(([timeMs]) => timeMs);
      expect(times).toEqual([-10 * HOUR_MS - 1, -1, 0, 1]);
    },
  },
  {
    name: "keeps every bit of a value",
    async write({ metrics }) {
      const labels = labelsFromRecord({ __name__: "contract_bits" });
      const timestampsMs = Float64Array.from(ODD_BITS, (_, i) => T0 + i * 1000);
      // Once in one run and once one by one, for both ways into a block.
      await metrics.append(batchOf({ labels, timestampsMs, values: valuesOfBits(ODD_BITS) }));
      for (const [i, bits] of ODD_BITS.entries()) {
        const one = labelsFromRecord({ __name__: "contract_bits_single" });
        const times = Float64Array.of(T0 + i * 1000);
        await metrics.append(
          batchOf({ labels: one, timestampsMs: times, values: valuesOfBits([bits]) }),
        );
      }
    },
    async check(store) {
      const expected = ODD_BITS.map((bits) => bits.toString(16));
      for (const name of ["contract_bits", "contract_bits_single"]) {
        const [series] = await readMetric(store, name);
        expect(bitsOf(series!.values)).toEqual(expected);
      }
    },
  },
  {
    name: "keeps integers, fractions and stale markers over many blocks apart and complete",
    async write({ metrics }) {
      const timestampsMs = Float64Array.from(
        { length: 2000 },
        (_, i) => T0 - i * 600_000,
      ).reverse();
      const fractions = Float64Array.from(timestampsMs, (_, i) => Math.sin(i) * 1e6);
      setStaleAt(fractions, 1999);
      const integers = Float64Array.from(timestampsMs, (_, i) => (i - 1000) * 5e9);
      await metrics.append(
        batchOf(
          {
            labels: labelsFromRecord({ __name__: "contract_long", of: "f" }),
            timestampsMs,
            values: fractions,
          },
          {
            labels: labelsFromRecord({ __name__: "contract_long", of: "i" }),
            timestampsMs,
            values: integers,
          },
        ),
      );
    },
    async check(store) {
      const [fractions, integers] = await readMetric(store, "contract_long");
      expect(fractions!.timestampsMs[0]).toBe(T0 - 1999 * 600_000);
      expect([...fractions!.values.slice(0, 1999)]).toEqual(
        Array.from({ length: 1999 }, (_, i) => Math.sin(i) * 1e6),
      );
      expect(bitsOf(fractions!.values.slice(1999))).toEqual(["7ff0000000000002"]);
      expect([...integers!.values]).toEqual(
        Array.from({ length: 2000 }, (_, i) => (i - 1000) * 5e9),
      );
    },
  },
  {
    name: "keeps native histograms and start timestamps beside plain samples",
    async write({ metrics }) {
      await metrics.append(
        batchOf({
          labels: labelsFromRecord({ __name__: "contract_histogram" }),
          timestampsMs: Float64Array.of(T0, T0 + 1, T0 + 2),
          values: Float64Array.of(1, 0, 3),
          histograms: [undefined, HISTOGRAM, undefined],
          startTimestampsMs: Float64Array.of(0, T0 - 5, T0 - 5),
        }),
      );
    },
    async check(store) {
      const [series] = await readMetric(store, "contract_histogram");
      expect(series!.histograms).toEqual([undefined, HISTOGRAM, undefined]);
      expect([...series!.startTimestampsMs!]).toEqual([0, T0 - 5, T0 - 5]);
      expect([...series!.values]).toEqual([1, 0, 3]);
    },
  },
  {
    name: "refuses times that are no whole milliseconds and takes the rest of the batch",
    async write({ metrics }) {
      const series = seriesOf({ __name__: "contract_refused" }, [
        [T0, 1],
        [T0 + 0.5, 2],
        [Number.NaN, 3],
        [T0 + 1, 4],
      ]);
      const result = await metrics.append(batchOf(series));
      expect(result).toMatchObject({ accepted: 2, rejected: 2 });
      expect(result.reason).toContain("whole milliseconds");
    },
    async check(store) {
      expect(await samplesOf(store, "contract_refused")).toEqual([
        [T0, 1],
        [T0 + 1, 4],
      ]);
    },
  },
];

export const SELECTION_CASES: readonly StoreCase[] = [
  {
    name: "brings hostile names and values back exact, and finds them by equality",
    async write({ metrics }) {
      const series = HOSTILE_TEXTS.map((text, i) =>
        seriesOf({ __name__: "contract_hostile", text, [text]: "as a name" }, [[T0, i]]),
      );
      await metrics.append(batchOf(...series));
    },
    async check({ metrics }) {
      for (const [i, text] of HOSTILE_TEXTS.entries()) {
        const found = await metrics.select(
          [
            { name: "__name__", op: "=", value: "contract_hostile" },
            { name: "text", op: "=", value: text },
          ],
          { startMs: T0, endMs: T0 },
          NEVER,
        );
        expect(found.map(({ values }) => [...values])).toEqual([[i]]);
        expect(labelsToRecord(found[0]!.labels)[text]).toBe("as a name");
      }
    },
  },
  {
    name: "selects by all four operators; an absent label counts as empty",
    async write({ metrics }) {
      const of = (labels: Record<string, string>) =>
        seriesOf({ __name__: "contract_match", ...labels }, [[T0, 1]]);
      await metrics.append(batchOf(of({ a: "1" }), of({ a: "2", b: "x" }), of({ b: "y" })));
    },
    async check({ metrics }) {
      const found = async (name: string, op: "=" | "!=" | "=~" | "!~", value: string) => {
        const matchers = [
          { name: "__name__", op: "=", value: "contract_match" } as const,
          { name, op, value },
        ];
        const series = await metrics.select(matchers, { startMs: T0, endMs: T0 }, NEVER);
        return series.map(({ labels }) => labels.slice(2).join(""));
      };
      expect(await found("a", "=", "1")).toEqual(["a1"]);
      expect(await found("a", "=", "")).toEqual(["by"]);
      expect(await found("a", "!=", "1")).toEqual(["a2bx", "by"]);
      expect(await found("b", "=~", "x|y")).toEqual(["a2bx", "by"]);
      expect(await found("b", "=~", ".*")).toEqual(["a1", "a2bx", "by"]);
      expect(await found("b", "!~", "x.*")).toEqual(["a1", "by"]);
      expect(await found("b", "!~", "")).toEqual(["a2bx", "by"]);
    },
  },
  {
    name: "answers within inclusive bounds, series without a sample there left out",
    async write({ metrics }) {
      const samples = [0, 1, 2, 3].map((i) => [T0 + i * 3 * HOUR_MS, i] as const);
      await metrics.append(
        batchOf(
          seriesOf({ __name__: "contract_range", of: "a" }, samples),
          seriesOf({ __name__: "contract_range", of: "b" }, [[T0 + 9 * HOUR_MS, 9]]),
        ),
      );
    },
    async check({ metrics }) {
      const found = await metrics.select(
        [{ name: "__name__", op: "=", value: "contract_range" }],
        { startMs: T0 + 3 * HOUR_MS, endMs: T0 + 6 * HOUR_MS },
        NEVER,
      );
      expect(found.map(({ values }) => [...values])).toEqual([[1, 2]]);
      const matchers = [{ name: "__name__", op: "=", value: "contract_range" }] as const;
      const estimate = await metrics.estimate(matchers, { startMs: T0, endMs: T0 + 9 * HOUR_MS });
      expect(estimate.series).toBe(2);
      expect(estimate.samples).toBeGreaterThanOrEqual(5);
    },
  },
  {
    name: "answers the label browser, sorted",
    async write({ metrics }) {
      await metrics.append(
        batchOf(
          seriesOf({ __name__: "contract_browse", job: "b", zone: "1" }, [[T0, 1]]),
          seriesOf({ __name__: "contract_browse", job: "a" }, [[T0, 1]]),
        ),
      );
    },
    async check({ metrics }) {
      const selectors = [[{ name: "__name__", op: "=", value: "contract_browse" }]] as const;
      const range = { startMs: T0 - 1, endMs: T0 + 1 };
      expect(await metrics.labelNames(selectors, range)).toEqual(["__name__", "job", "zone"]);
      expect(await metrics.labelValues("job", selectors, range)).toEqual(["a", "b"]);
      expect(await metrics.labelValues("none", selectors, range)).toEqual([]);
      const series = await metrics.series(selectors, range);
      expect(series.map((labels) => labels.join(" "))).toEqual([
        "__name__ contract_browse job a",
        "__name__ contract_browse job b zone 1",
      ]);
      expect(await metrics.labelValues("__name__", [], range)).toContain("contract_browse");
    },
  },
  {
    name: "rejects with the reason of an aborted signal",
    async write() {},
    async check({ metrics }) {
      const reason = new Error("the caller left");
      const range = { startMs: T0, endMs: T0 };
      await expect(metrics.select([], range, AbortSignal.abort(reason))).rejects.toBe(reason);
    },
  },
  {
    name: "describes metric families",
    async write({ metrics }) {
      const entry = {
        name: "contract_described",
        type: "counter",
        unit: "s",
        help: "\n\n'x",
      } as const;
      await metrics.append({ series: [], metadata: [entry, entry], exemplars: [] });
    },
    async check({ metrics }) {
      expect((await metrics.metadata()).get("contract_described")).toEqual([
        { name: "contract_described", type: "counter", unit: "s", help: "\n\n'x" },
      ]);
    },
  },
  {
    name: "keeps exemplars by series and time, repeats once",
    isVolatile: true,
    async write({ metrics }) {
      const exemplar = (timestampMs: number) => ({
        seriesLabels: labelsFromRecord({ __name__: "contract_exemplar" }),
        labels: labelsFromRecord({ trace_id: "abc" }),
        value: 1,
        timestampMs,
      });
      const exemplars = [exemplar(T0 + 1), exemplar(T0 + 1), exemplar(T0)];
      await metrics.append({ series: [], metadata: [], exemplars });
    },
    async check({ metrics }) {
      const selectors = [[{ name: "__name__", op: "=", value: "contract_exemplar" }]] as const;
      const found = await metrics.exemplars(selectors, { startMs: T0, endMs: T0 + 1 });
      expect(found.map(({ timestampMs }) => timestampMs)).toEqual([T0, T0 + 1]);
    },
  },
];
