import { labelsFromRecord, labelsFromSorted, labelsKey } from "@avx/model";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../testing/simulated-disk.ts";
import { HeadSeries } from "./head-series.ts";
import { SeriesTable } from "./series-table.ts";

describe("the table of series", () => {
  it("is a map by the text of the labels, also of series that come and go", () => {
    const random = seededRandom(17);
    const pick = () => Math.floor(random() * 40);
    const table = new SeriesTable();
    const expected = new Map<string, HeadSeries>();
    for (let id = 1; id < 20_000; id++) {
      const labels = labelsFromRecord({ a: `${pick()}`, [`b${pick()}`]: "x" });
      const key = labelsKey(labels);
      const known = expected.get(key);
      expect(table.find(labels)).toBe(known);
      if (known === undefined) {
        const series = new HeadSeries(id, labels);
        table.add(series);
        expected.set(key, series);
      } else if (random() < 0.3) {
        table.remove(known);
        expected.delete(key);
      }
    }
    expect(expected.size).toBeGreaterThan(500);
  });

  it("tells parts apart that together read alike", () => {
    const table = new SeriesTable();
    const made = [{ a: "bc" }, { ab: "c" }, { a: "b", c: "d" }, {}].map((record, id) => {
      const series = new HeadSeries(id, labelsFromRecord(record));
      table.add(series);
      return series;
    });
    for (const series of made)
      expect(table.find(labelsFromSorted([...series.labels]))).toBe(series);
  });

  it("finds the later of two series with the same labels, and then the earlier again", () => {
    const table = new SeriesTable();
    const labels = labelsFromRecord({ a: "b" });
    const [earlier, later] = [new HeadSeries(1, labels), new HeadSeries(2, labels)];
    table.add(earlier);
    table.add(later);
    expect(table.find(labels)).toBe(later);
    table.remove(later);
    expect(table.find(labels)).toBe(earlier);
    table.remove(earlier);
    expect(table.find(labels)).toBeUndefined();
  });
});
