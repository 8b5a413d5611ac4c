import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { principalComponents } from "../../statistics/principal-components.ts";
import { referenceAnswer, referenceColumn, referenceRows } from "../fixtures/reference-answers.ts";
import { createBayesianChangePoint } from "./bayesian-change-point.ts";
import { generalizedEsdSteps } from "./generalized-esd.ts";
import { averagePathLength, growIsolationForest } from "./isolation-forest.ts";
import { kMeansCenters, nearestCenter } from "./k-means.ts";
import { leftMatrixProfile } from "./matrix-profile.ts";
import { peltChangePoints } from "./pelt.ts";
import { seasonalEsdOutliers } from "./seasonal-esd.ts";
import { subPcaScores } from "./sub-pca.ts";

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, digits: number): void {
  expect(found).toHaveLength(expected.length);
  for (let i = 0; i < expected.length; i++) expect(found[i]).toBeCloseTo(expected[i]!, digits);
}

/** Ranks from 0, without ties. */
function ranksOf(values: Float64Array): Float64Array {
  const ranks = new Float64Array(values.length);
  const order = [...values.keys()].toSorted((a, b) => values[a]! - values[b]!);
  for (const [rank, index] of order.entries()) ranks[index] = rank;
  return ranks;
}

/** Spearman's correlation of values without ties. */
function rankCorrelation(one: Float64Array, other: Float64Array): number {
  const [a, b] = [ranksOf(one), ranksOf(other)];
  const squares = a.reduce((sum, rank, i) => sum + (rank - b[i]!) ** 2, 0);
  const n = one.length;
  return 1 - (6 * squares) / (n * (n * n - 1));
}

/** Chance that one of the last ten scores is above one of the others (Mann and Whitney). */
function areaUnderCurve(scores: Float64Array): number {
  const [usual, odd] = [scores.subarray(0, -10), scores.subarray(-10)];
  let wins = 0;
  for (const high of odd) for (const low of usual) wins += high > low ? 1 : 0;
  return wins / (usual.length * odd.length);
}

describe("isolation forest beside scikit-learn", () => {
  it("has its average path lengths exactly", () => {
    const sizes = referenceColumn("isolationForest.sizes");
    expectClose(
      sizes.map(averagePathLength),
      referenceColumn("isolationForest.averagePathLengths"),
      9,
    );
  });

  it("ranks rows as its forest of other trees does, and separates outliers as well", () => {
    const rows = referenceRows("isolationForest.rows");
    const forest = growIsolationForest(rows, { trees: 300, random: createRandom(5) });
    const scores = Float64Array.from(rows, (row) => forest.score(row));
    const reference = referenceColumn("isolationForest.scores");
    expect(rankCorrelation(scores, reference)).toBeGreaterThan(0.97);
    const difference = areaUnderCurve(scores) - referenceAnswer<number>("isolationForest.auc");
    expect(Math.abs(difference)).toBeLessThan(0.01);
    const errors = scores.map((score, i) => Math.abs(score - reference[i]!));
    expect(Math.max(...errors)).toBeLessThan(0.05);
  });
});

describe("sub-sequence PCA beside scikit-learn's singular value decomposition", () => {
  const series = referenceColumn("subPca.series");

  it("has the variances", () => {
    const windows = Array.from({ length: 173 }, (_, i) => series.subarray(i, i + 8));
    expectClose(principalComponents(windows).variances, referenceColumn("subPca.variances"), 9);
  });

  it("has the scores", () => {
    expectClose(subPcaScores(series, 8), referenceColumn("subPca.scores"), 6);
  });
});

describe("k-means beside scikit-learn", () => {
  it("settles at the same centres and inertia from the same start", () => {
    const rows = referenceRows("kMeans.rows");
    const centers = kMeansCenters(rows, {
      ...{ clusters: 3, random: createRandom(1), start: referenceRows("kMeans.init") },
    });
    for (const [i, center] of referenceRows("kMeans.centers").entries()) {
      expectClose(centers[i]!, center, 6);
    }
    const inertia = rows.reduce((sum, row) => sum + nearestCenter(row, centers).distance ** 2, 0);
    expect(inertia).toBeCloseTo(referenceAnswer<number>("kMeans.inertia"), 6);
  });
});

describe("ESD beside SciPy", () => {
  it.each(referenceAnswer<[number, number, number][]>("esd.criticalValues"))(
    "has the critical value of %d values at step %d",
    (count, step, critical) => {
      const random = createRandom(2);
      const values = Float64Array.from({ length: count }, () => random.normal());
      const steps = generalizedEsdSteps(values, { mostOutliers: step });
      expect(steps[step - 1]?.criticalValue).toBeCloseTo(critical, 6);
    },
  );

  it("finds the seasonal outliers of the same definition in NumPy", () => {
    const found = seasonalEsdOutliers(referenceColumn("seasonalEsd.series"), {
      ...{ periodSamples: 12, mostShare: 0.05 },
    });
    expect(found).toEqual(referenceAnswer("seasonalEsd.outliers"));
  });
});

describe("change points beside their definitions in NumPy", () => {
  it("are those of the best of all partitions, without pruning", () => {
    const found = peltChangePoints(referenceColumn("pelt.series"), { penalty: 8 });
    expect(found).toEqual(referenceAnswer("pelt.changePoints"));
  });

  it("are believed as by the full recursion over all run lengths, with SciPy's densities", () => {
    const detector = createBayesianChangePoint({
      ...{ mean: 0, standardDeviation: 1, meanRunSamples: 100 },
    });
    const beliefs = Array.from(referenceColumn("bayes.series"), (value) => detector.push(value));
    expect(beliefs.map((belief) => belief.likelyRunSamples)).toEqual(
      referenceAnswer("bayes.likelyRuns"),
    );
    const recent = beliefs.map((belief) => belief.recentChange);
    expectClose(recent, referenceColumn("bayes.recent"), 5);
  });
});

describe("left matrix profile beside all pairs of windows in NumPy", () => {
  it("has the distances, constant windows among them", () => {
    const profile = leftMatrixProfile(referenceColumn("matrixProfile.series"), 8);
    const from = referenceAnswer<number>("matrixProfile.from");
    expectClose(profile.subarray(from), referenceColumn("matrixProfile.distances"), 4);
  });
});
