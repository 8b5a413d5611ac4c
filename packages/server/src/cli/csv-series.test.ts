import { AvxError } from "@avx/model";
import { describe, expect, it } from "vitest";
import { csvSeries } from "./csv-series.ts";

const values = (text: string, column?: string) => [...csvSeries(text, column).series.values];
const times = (text: string) =>
  [...csvSeries(text).series.timestampsMs].map((ms) => new Date(ms).toISOString());

describe("csvSeries", () => {
  it("takes a single column as values, with or without a header", () => {
    expect(values("1\n2\n3\n")).toEqual([1, 2, 3]);
    expect(values("load\n1\n2\n")).toEqual([1, 2]);
    expect(csvSeries("load\n1\n").name).toBe("load");
  });

  it("takes the first of several columns as time, and the second or the named one as value", () => {
    const text = "time,a,b\n2024-01-01,1,10\n2024-01-02,2,20\n";
    expect(values(text)).toEqual([1, 2]);
    expect(values(text, "b")).toEqual([10, 20]);
    expect(values(text, "3")).toEqual([10, 20]);
    expect(times(text)).toEqual(["2024-01-01T00:00:00.000Z", "2024-01-02T00:00:00.000Z"]);
  });

  it.each([
    ["1700000000,1", "2023-11-14T22:13:20.000Z"],
    ["1700000000000,1", "2023-11-14T22:13:20.000Z"],
    ["2023-11-14 22:13,1", "2023-11-14T22:13:00.000Z"],
    ["2023-11-14T22:13:20+02:00,1", "2023-11-14T20:13:20.000Z"],
    ["2023-11,1", "2023-11-01T00:00:00.000Z"],
  ])("reads the time of %s", (line, time) => {
    expect(times(line)).toEqual([time]);
  });

  it("takes empty cells and the words for nothing as gaps", () => {
    expect(values("t,v\n1,\n2,NaN\n3,NA\n4,null\n5,7")).toEqual([
      ...[Number.NaN, Number.NaN, Number.NaN, Number.NaN, 7],
    ]);
  });

  it("reads quotes, semicolons, a byte order mark and the line ends of Windows", () => {
    expect(values('\uFEFFtime;"my ""v"""\r\n1;"2"\r\n2;3\r\n', 'my "v"')).toEqual([2, 3]);
  });

  it.each([
    ["", "line 1: the file is empty"],
    ["t,v\n1,2\n2,abc\n", 'line 3: "abc" is not a number'],
    ["t,v\n1,2\n\n2\n", "line 4: has 1 columns, not 2"],
    ["t,v\n1,2\nlater,3\n", 'line 3: "later" is not a time'],
    ["t,v\n2,2\n1,3\n", 'line 3: the time "1" does not follow the one before'],
    ["t,v\n1,2\n1,3\n", 'line 3: the time "1" does not follow'],
    ['t,v\n"a\nb,1', "line 2: a quote is not closed"],
  ])("says on which line %j is wrong", (text, reason) => {
    expect(() => csvSeries(text)).toThrow(AvxError);
    expect(() => csvSeries(text)).toThrow(`cannot decode CSV: ${reason}`);
  });

  it("says which columns there are when the named one is not", () => {
    expect(() => csvSeries("time,a\n1,2\n", "b")).toThrow(
      '--column: the file has no column "b"; there are time, a',
    );
  });
});
