import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { createTimeSeries, evenlySpaced } from "../time-series.ts";
import { assessQuality, QUALITY_WEIGHTS, weightedScore } from "./data-quality.ts";

const random = createRandom(11);
const NOISE = Array.from({ length: 100 }, () => 50 + random.normal());
const every = (values: ArrayLike<number>) => evenlySpaced(values, { stepMs: 1000 });

describe("weights of the standard", () => {
  it("are 0.30, 0.25, 0.25 and 0.20", () => {
    expect(Object.values(QUALITY_WEIGHTS)).toEqual([0.3, 0.25, 0.25, 0.2]);
  });

  it("give the overall score of the product's example document: 0.975 rounds 0.9745", () => {
    const score = weightedScore({
      accuracy: 0.98,
      completeness: 0.97,
      consistency: 0.96,
      validity: 0.99,
    });
    expect(score).toBe(0.9745);
  });

  it("are met exactly at 0.95", () => {
    const half = createTimeSeries([0, 1000, 2000, 3000], [1, 1, 1, -1]);
    const { validity, ...rest } = assessQuality(half, {
      validRange: { lower: 0, upper: 2 },
      band: { lower: Float64Array.of(-2, -2, -2, -2), upper: Float64Array.of(2, 2, 2, 2) },
      kind: "gauge",
    });
    expect(validity).toBe(0.75);
    expect(rest).toMatchObject({ accuracy: 1, completeness: 1, overallScore: 0.95 });
    expect(rest.meetsStandard).toBe(true);
  });
});

describe("assessQuality", () => {
  it("finds nothing wrong with quiet noise", () => {
    expect(assessQuality(every(NOISE))).toMatchObject({ overallScore: 1, meetsStandard: true });
  });

  it("is 0 in every dimension without samples", () => {
    expect(assessQuality(every([]))).toMatchObject({ accuracy: 0, validity: 0, overallScore: 0 });
  });

  it("counts the samples that a scrape gap lost", () => {
    const holed = createTimeSeries([0, 1000, 2000, 7000, 8000], [1, 1, 1, 1, 1]);
    expect(assessQuality(holed).completeness).toBeCloseTo(5 / 9, 12);
  });

  it("counts what is missing at the ends of the bounds", () => {
    const late = createTimeSeries([5000, 6000, 7000, 8000, 9000], [1, 1, 1, 1, 1]);
    const options = { stepMs: 1000, bounds: { startMs: 0, endMs: 9500 } };
    expect(assessQuality(late, options).completeness).toBeCloseTo(0.5, 12);
  });

  it("holds a jump of a gauge against it, and an implausible value too", () => {
    const jumped = every(NOISE.map((value, i) => (i === 40 ? value + 30 : value)));
    const assessment = assessQuality(jumped);
    expect(assessment.consistency).toBeCloseTo(97 / 99, 12);
    expect(assessment.accuracy).toBeCloseTo(0.99, 12);
  });

  it("holds a reset of a counter against it, but not its rise", () => {
    const counter = every([0, 5, 10, 15, 2, 7, 12]);
    const assessment = assessQuality(counter, { kind: "counter" });
    expect(assessment.consistency).toBeCloseTo(5 / 6, 12);
    expect(assessment.accuracy).toBe(1);
  });

  it("holds NaN, infinities and values out of range against validity", () => {
    const values = [0.1, 0.2, Number.NaN, Number.POSITIVE_INFINITY, 1.5];
    const assessment = assessQuality(every(values), { validRange: { lower: 0, upper: 1 } });
    expect(assessment.validity).toBeCloseTo(2 / 5, 12);
  });

  it("judges accuracy by the band it is given, leaving out samples without one", () => {
    const band = { lower: Float64Array.of(0, 0, NaN), upper: Float64Array.of(2, 2, NaN) };
    expect(assessQuality(every([1, 3, 99]), { band }).accuracy).toBe(0.5);
  });

  it("does not call a rare 1 among zeros implausible", () => {
    const rare = every(Array.from({ length: 50 }, (_, i) => (i % 10 === 0 ? 1 : 0)));
    expect(assessQuality(rare).accuracy).toBe(1);
  });

  it("tells how late the last sample came", () => {
    expect(assessQuality(every([1, 2]), { receivedMs: 1250 }).timelinessMs).toBe(250);
  });

  it.each([
    [{ stepMs: 0 }, "stepMs"],
    [{ validRange: { lower: 2, upper: 1 } }, "validRange"],
    [{ band: { lower: new Float64Array(1), upper: new Float64Array(2) } }, "band"],
  ])("refuses %j", (options, parameter) => {
    expect(() => assessQuality(every([1, 2]), options)).toThrow(parameter);
  });
});
