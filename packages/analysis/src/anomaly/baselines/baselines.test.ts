import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { evenlySpaced, viewOf } from "../../time-series.ts";
import type { Detector } from "../detector.ts";
import { createEnsembleDetector } from "./ensemble.ts";
import { createIqrDetector } from "./iqr.ts";
import { createMovingAverageDetector } from "./moving-average.ts";
import { createZScoreDetector } from "./z-score.ts";

const every = (values: ArrayLike<number>) => evenlySpaced(values, { stepMs: 1000 });
const random = createRandom(5);
const NOISE = Array.from({ length: 200 }, () => 100 + random.normal());
const DETECTORS: Detector[] = [
  createZScoreDetector(),
  createIqrDetector(),
  createMovingAverageDetector(),
  createEnsembleDetector(),
];

describe.each(DETECTORS.map((detector) => ({ name: detector.type, detector })))(
  "$name",
  ({ detector }) => {
    const spiked = NOISE.map((value, i) => (i === 150 ? 200 : value));

    it("finds a spike of 100 sigma, with its band, and names itself", () => {
      const found = detector.detect(every(spiked)).anomalies.find(({ index }) => index === 150);
      expect(found).toMatchObject({ timestampMs: 150_000, value: 200, type: detector.type });
      expect(found?.score).toBeGreaterThan(found?.threshold ?? Number.NaN);
      expect(found?.expectedUpper).toBeLessThan(110);
      expect(found?.expectedLower).toBeGreaterThan(90);
    });

    it("is causal: cutting off the future changes no score", () => {
      const series = every(spiked);
      const whole = detector.detect(series).scores;
      for (const end of [1, 11, 50, 151, 199]) {
        expect(detector.detect(viewOf(series, 0, end)).scores).toEqual(whole.subarray(0, end));
      }
    });

    it("does not judge what is not finite, nor learn from it", () => {
      const holed = every(spiked.flatMap((value) => [value, Number.NaN, Number.POSITIVE_INFINITY]));
      const scores = detector.detect(holed).scores;
      expect(scores.filter((_, i) => i % 3 === 0)).toEqual(detector.detect(every(spiked)).scores);
      expect(scores.filter((_, i) => i % 3 !== 0).every(Number.isNaN)).toBe(true);
    });

    it("says nothing of a series that is empty or too short", () => {
      expect(detector.detect(every([])).anomalies).toEqual([]);
      expect(detector.detect(every([1, 2, 900])).anomalies).toEqual([]);
    });
  },
);

describe("z-score", () => {
  it("is the distance from the mean of the earlier samples in their deviations", () => {
    // mean 5, sample standard deviation sqrt(32 / 7) of the textbook set; 5 + 3 of them is 11.414
    const history = [2, 4, 4, 4, 5, 5, 7, 9];
    const detector = createZScoreDetector({ minimumSamples: 8 });
    const { scores, expectedUpper } = detector.detect(every([...history, 9]));
    expect(scores[8]).toBeCloseTo(4 / Math.sqrt(32 / 7), 12);
    expect(expectedUpper[8]).toBeCloseTo(5 + 3 * Math.sqrt(32 / 7), 12);
  });

  it("scores any change after constant history as infinite, and no change as 0", () => {
    const constant = Array<number>(10).fill(5);
    const { scores } = createZScoreDetector().detect(every([...constant, 5, 6]));
    expect([scores[10], scores[11]]).toEqual([0, Number.POSITIVE_INFINITY]);
  });
});

describe("IQR", () => {
  // NIST/SEMATECH e-Handbook 7.1.6: 90 values of which 1441 is a mild outlier.
  const NIST = [
    ...[30, 171, 184, 201, 212, 250, 265, 270, 272, 289, 305, 306, 322, 322, 336, 346, 351, 370],
    ...[390, 404, 409, 411, 436, 437, 439, 441, 444, 448, 451, 453, 470, 480, 482, 487, 494, 495],
    ...[499, 503, 514, 521, 522, 527, 548, 550, 559, 560, 570, 572, 574, 578, 585, 592, 592, 607],
    ...[616, 618, 621, 629, 637, 638, 640, 656, 668, 707, 709, 719, 737, 739, 752, 758, 766, 792],
    ...[792, 794, 802, 818, 830, 832, 843, 858, 860, 869, 918, 925, 953, 991, 1000, 1005, 1068],
    1441,
  ];

  it("calls 1441 the one outlier at 1.5, and none at 3, as the NIST e-Handbook does", () => {
    const minimumSamples = 89;
    const mild = createIqrDetector({ minimumSamples }).detect(every(NIST));
    expect(mild.anomalies.map(({ value }) => value)).toEqual([1441]);
    const extreme = createIqrDetector({ minimumSamples, threshold: 3 }).detect(every(NIST));
    expect(extreme.anomalies).toEqual([]);
  });

  it("forgets samples that left its window", () => {
    const values = [...Array<number>(50).fill(0), ...NIST.slice(0, 40), 1000];
    const options = { windowSamples: 40, minimumSamples: 40 };
    const fresh = createIqrDetector(options).detect(every([...NIST.slice(0, 40), 1000]));
    const scores = createIqrDetector(options).detect(every(values)).scores;
    expect(scores.at(-1)).toBe(fresh.scores.at(-1));
  });

  it("refuses a window that can never be judged", () => {
    expect(() => createIqrDetector({ windowSamples: 5 })).toThrow(
      "windowSamples: must be at least",
    );
  });
});

describe("ensemble", () => {
  const voter = (type: "ZScore" | "Iqr", indexes: number[]): Detector => ({
    type,
    detect: (series) => {
      const flat = series.values.map(() => 0);
      const anomalies = indexes.map((index) => ({
        ...{ index, timestampMs: index, value: 0, type, score: 9, threshold: 3 },
        ...{ expectedLower: 0, expectedUpper: 0 },
      }));
      return { scores: flat, expectedLower: flat, expectedUpper: flat, anomalies };
    },
  });
  const members = [voter("ZScore", [1, 2]), voter("Iqr", [2, 3])];

  it("needs as many members to agree as it has votes", () => {
    const indexes = (votes: number) =>
      createEnsembleDetector({ members, votes })
        .detect(every([0, 0, 0, 0]))
        .anomalies.map(({ index }) => index);
    expect(indexes(2)).toEqual([2]);
    expect(indexes(1)).toEqual([1, 2, 3]);
  });

  it("scores by the share of members that agree", () => {
    const { scores } = createEnsembleDetector({ members }).detect(every([0, 0, 0, 0]));
    expect([...scores]).toEqual([0, 0.5, 1, 0.5]);
  });

  it("refuses more votes than members", () => {
    expect(() => createEnsembleDetector({ members, votes: 3 })).toThrow("votes");
  });
});
