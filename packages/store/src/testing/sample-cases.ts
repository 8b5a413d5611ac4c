import { labelsFromRecord, type NativeHistogram, setStaleAt } from "@avx/model";
import { expect } from "vitest";
import type { Store } from "../store.ts";
import { batchOf, bitsOf, readMetric, seriesOf, T0, valuesOfBits } from "./sample-data.ts";
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

function histogramOf(count: number): NativeHistogram {
  return { ...HISTOGRAM, count, positiveBuckets: Float64Array.of(1, 1, count - 4) };
}

/** What becomes of samples. */
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
    name: "says where the counts of native histograms go on, also behind late ones",
    async write({ metrics }) {
      const labels = labelsFromRecord({ __name__: "contract_hints" });
      const write = (times: readonly number[], counts: readonly number[]) =>
        metrics.append(
          batchOf({
            labels,
            timestampsMs: Float64Array.from(times, (at) => T0 + at),
            values: new Float64Array(times.length),
            histograms: counts.map((count) => histogramOf(count)),
          }),
        );
      await write([10, 20, 30], [12, 13, 14]);
      await write([40, 50], [9, 10]);
      await write([25], [20]);
    },
    async check(store) {
      const [series] = await readMetric(store, "contract_hints");
      expect(series!.histograms?.map((one) => [one?.count, one?.counterResetHint])).toEqual([
        [12, "unknown"],
        [13, "not-reset"],
        [20, "not-reset"],
        [14, "unknown"],
        [9, "unknown"],
        [10, "not-reset"],
      ]);
    },
  },
  {
    name: "takes series packed into common columns",
    async write({ metrics }) {
      const labels = ["a", "b", "c"].map((of) =>
        labelsFromRecord({ __name__: "contract_packed", of }),
      );
      const packed = {
        labels,
        ends: Uint32Array.of(2, 3, 5),
        timestampsMs: Float64Array.of(T0, T0 + 1, T0, T0, T0 + 0.5),
        values: Float64Array.of(1, 2, 3, 4, 5),
        startTimestampsMs: Float64Array.of(0, T0 - 5, T0 - 6, 0, 0),
      };
      const result = await metrics.append({ series: [], metadata: [], exemplars: [], packed });
      expect(result).toMatchObject({ accepted: 4, rejected: 1 });
    },
    async check(store) {
      const found = await readMetric(store, "contract_packed");
      expect(found.map(({ values }) => [...values])).toEqual([[1, 2], [3], [4]]);
      const starts = found.map(({ startTimestampsMs }) => [...(startTimestampsMs ?? [0])]);
      expect(starts).toEqual([[0, T0 - 5], [T0 - 6], [0]]);
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
