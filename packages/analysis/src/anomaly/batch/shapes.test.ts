import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { kMeansCenters, nearestCenter } from "./k-means.ts";
import { trainKMeansWindows } from "./k-means-windows.ts";
import { leftMatrixProfile } from "./matrix-profile.ts";
import { subPcaScores } from "./sub-pca.ts";

/** Noisy waves of 24 samples with one upside down, from `at` on. */
function wavesWithDiscord(at: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: 720 }, (_, i) => {
    const sign = i >= at && i < at + 24 ? -1 : 1;
    return sign * Math.sin((2 * Math.PI * i) / 24) + 0.05 * random.normal();
  });
}

const indexOfMost = (values: Float64Array) => values.indexOf(Math.max(...values));

describe("left matrix profile", () => {
  it("equals distances computed window by window with NumPy", () => {
    const values = Float64Array.of(
      ...[0.4, 1.1, 0.7, 2.3, 1.9, 0.2, 0.5, 1.2, 0.6, 2.2, 2.0, 0.1, 0.3, 1.0, 0.8],
      ...[2.4, 5.0, 4.0, 0.2, 0.9, 0.7, 2.1, 1.8, 0.3, 3, 3, 3, 3, 3, 3],
    );
    const expected = [
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      2.451047,
      0.304319,
      0.26333,
      0.209395,
      0.251259,
      0.531731,
      0.45445,
      1.283864,
      1.11642,
      0.994917,
      0.513539,
      0.739611,
      1.0443,
      0.249239,
      0.235385,
      1.473216,
      1.459567,
      1.449135,
      1.82826,
      2.236068,
      2.236068,
    ];
    const profile = leftMatrixProfile(values, 5);
    expect(profile).toHaveLength(expected.length);
    for (const [i, distance] of expected.entries()) expect(profile[i]).toBeCloseTo(distance, 5);
  });

  it("peaks where a shape comes for the first time", () => {
    const profile = leftMatrixProfile(wavesWithDiscord(480, 2), 24);
    const peak = 100 + indexOfMost(profile.subarray(100));
    expect(Math.abs(peak - 480)).toBeLessThanOrEqual(12);
  });

  it("is causal: later values change nothing before", () => {
    const values = wavesWithDiscord(480, 2);
    const whole = leftMatrixProfile(values, 24);
    const part = leftMatrixProfile(values.subarray(0, 300), 24);
    expect(part).toEqual(whole.subarray(0, part.length));
  });

  it("refuses a series below one window", () => {
    const few = expect.objectContaining({ code: "insufficient_data" });
    expect(() => leftMatrixProfile(Float64Array.of(1, 2), 5)).toThrow(few);
  });
});

describe("sub-sequence PCA", () => {
  it("scores the window that runs against all others highest", () => {
    const scores = subPcaScores(wavesWithDiscord(480, 3), 24);
    expect(Math.abs(indexOfMost(scores) - 492)).toBeLessThanOrEqual(24);
  });

  it("averages windows whose scores sum to the count times the dimensions", () => {
    // The squared Mahalanobis distances of n rows from their own mean sum to (n - 1) d.
    const random = createRandom(4);
    const values = Float64Array.from({ length: 300 }, () => random.normal());
    const scores = subPcaScores(values, 2);
    const inner = scores.subarray(1, -1).reduce((sum, score) => sum + score, 0);
    const ends = ((scores[0] ?? 0) + (scores.at(-1) ?? 0)) / 2;
    expect(inner + ends).toBeCloseTo((299 - 1) * 2, 6);
  });

  it("scores a constant series 0", () => {
    expect(subPcaScores(new Float64Array(50).fill(4), 5).every((score) => score === 0)).toBe(true);
  });
});

describe("k-means", () => {
  it("finds the centres of scikit-learn's documented example", () => {
    // sklearn.cluster.KMeans: X = [[1,2],[1,4],[1,0],[10,2],[10,4],[10,0]] has (10, 2) and (1, 2)
    const rows = [
      [1, 2],
      [1, 4],
      [1, 0],
      [10, 2],
      [10, 4],
      [10, 0],
    ].map((row) => Float64Array.from(row));
    const centers = kMeansCenters(rows, { clusters: 2, random: createRandom(1) });
    expect(centers.map((center) => [...center]).toSorted((a, b) => a[0]! - b[0]!)).toEqual([
      [1, 2],
      [10, 2],
    ]);
    expect(nearestCenter(Float64Array.of(12, 3), centers).distance).toBeCloseTo(Math.sqrt(5), 12);
  });

  it("refuses fewer rows than clusters", () => {
    const few = expect.objectContaining({ code: "insufficient_data" });
    const rows = [Float64Array.of(1)];
    expect(() => kMeansCenters(rows, { clusters: 2, random: createRandom(1) })).toThrow(few);
  });
});

describe("k-means windows", () => {
  it("calls about 1 % of its training unusual, and a broken shape very much so", () => {
    const random = createRandom(5);
    const training = wavesWithDiscord(9999, 6);
    const model = trainKMeansWindows(training, { random });
    const usual = model.score(training);
    const share = usual.filter((score) => score > 1).length / (usual.length - 6);
    expect(share).toBeGreaterThan(0.005);
    expect(share).toBeLessThan(0.015);
    const broken = training.slice();
    broken[400] = 8;
    expect(model.score(broken)[402]).toBeGreaterThan(3);
    expect(usual.subarray(0, 6).every(Number.isNaN)).toBe(true);
  });
});
