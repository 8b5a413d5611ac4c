import {
  isStaleAt,
  type LabelledSeries,
  type Labels,
  labelsFromRecord,
  type NativeHistogram,
  setStaleAt,
} from "@avx/model";
import { describe, expect, it } from "vitest";
import { LabelNumbers } from "./label-numbers.ts";
import { packSeries } from "./pack-series.ts";
import { ParcelReader } from "./unpack-series.ts";

function series(labels: Labels, length: number): LabelledSeries {
  return {
    labels,
    timestampsMs: Float64Array.from({ length }, (_, i) => 1000 * i),
    values: Float64Array.from({ length }, (_, i) => i / 2),
  };
}

const labelled = (name: string, length = 3) =>
  series(labelsFromRecord({ __name__: name, job: "api" }), length);

const HISTOGRAM: NativeHistogram = {
  schema: 0,
  zeroThreshold: 0.001,
  zeroCount: 1,
  sum: 3,
  count: 3,
  positiveSpans: [{ offset: 0, length: 1 }],
  positiveBuckets: Float64Array.of(2),
  negativeSpans: [],
  negativeBuckets: new Float64Array(0),
  customBounds: new Float64Array(0),
  counterResetHint: "unknown",
};

/** What arrives when the parcels cross to another thread. */
function sent(list: readonly LabelledSeries[], numbers: LabelNumbers, reader: ParcelReader) {
  const parcels = [...packSeries(list, numbers)].map((one) =>
    structuredClone(one, { transfer: [one.parcel.columns] }),
  );
  const labels = parcels.reduce((sum, { parcel }) => sum + parcel.labels.length, 0);
  return { parcels, labels, series: parcels.flatMap(({ parcel }) => reader.unpack(parcel)) };
}

describe("packSeries", () => {
  it("brings every column over as it was, stale markers and start timestamps included", () => {
    const stale = labelled("a", 4);
    setStaleAt(stale.values, 2);
    const list = [
      stale,
      { ...labelled("b"), startTimestampsMs: Float64Array.of(0, 5, 5) },
      { ...labelled("c"), histograms: [undefined, HISTOGRAM, undefined] },
    ];
    const { series: found } = sent(list, new LabelNumbers(), new ParcelReader());
    expect(found).toEqual(list);
    expect(isStaleAt(found[0]!.values, 2)).toBe(true);
    expect(isStaleAt(found[0]!.values, 1)).toBe(false);
  });

  it("is one empty parcel, and the last, when there are no series", () => {
    const { parcels, series: found } = sent([], new LabelNumbers(), new ParcelReader());
    expect(parcels.map(({ isLast }) => isLast)).toEqual([true]);
    expect(found).toEqual([]);
  });

  it("splits what is large and marks the last parcel", () => {
    const list = Array.from({ length: 5000 }, (_, i) => labelled(`m${i}`, 200));
    const { parcels, series: found } = sent(list, new LabelNumbers(), new ParcelReader());
    const sizes = parcels.map(({ parcel }) => parcel.columns.byteLength);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4 * 1024 * 1024);
    expect(parcels.map(({ isLast }) => isLast)).toEqual(
      parcels.map((_, i) => i === sizes.length - 1),
    );
    expect(found).toEqual(list);
  });

  it("sends the labels of a series once", () => {
    const [numbers, reader] = [new LabelNumbers(), new ParcelReader()];
    const list = [labelled("a"), labelled("b")];
    expect(sent(list, numbers, reader).labels).toBe(2);
    const more = sent([...list, labelled("c")], numbers, reader);
    expect(more.labels).toBe(1);
    expect(more.series.map(({ labels }) => labels[1])).toEqual(["a", "b", "c"]);
  });

  it("begins anew when too many labels are remembered", () => {
    const [numbers, reader] = [new LabelNumbers(2), new ParcelReader()];
    const list = ["a", "b", "c"].map((name) => labelled(name));
    sent(list, numbers, reader);
    const again = sent(list, numbers, reader);
    expect(again.parcels.map(({ parcel }) => parcel.forget)).toEqual([true]);
    expect(again.series).toEqual(list);
  });
});
