import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { generalizedEsdOutliers, generalizedEsdSteps } from "./generalized-esd.ts";
import { seasonalEsdOutliers } from "./seasonal-esd.ts";

// Rosner (1983), as printed in the NIST/SEMATECH e-Handbook, 1.3.5.17.3, with its results.
const ROSNER = Float64Array.of(
  ...[-0.25, 0.68, 0.94, 1.15, 1.2, 1.26, 1.26, 1.34, 1.38, 1.43, 1.49, 1.49, 1.55, 1.56, 1.58],
  ...[1.65, 1.69, 1.7, 1.76, 1.77, 1.81, 1.91, 1.94, 1.96, 1.99, 2.06, 2.09, 2.1, 2.14, 2.15],
  ...[2.23, 2.24, 2.26, 2.35, 2.37, 2.4, 2.47, 2.54, 2.62, 2.64, 2.9, 2.92, 2.92, 2.93, 3.21],
  ...[3.26, 3.3, 3.59, 3.68, 4.3, 4.64, 5.34, 5.42, 6.01],
);

describe("generalised ESD", () => {
  const steps = generalizedEsdSteps(ROSNER, { mostOutliers: 10 });

  it.each([
    [0, 3.118, 3.158],
    [1, 2.942, 3.151],
    [2, 3.179, 3.143],
    [3, 2.81, 3.136],
    [9, 2.067, 3.085],
  ])(
    "has the statistic and critical value of the NIST table at step %d",
    (i, statistic, critical) => {
      expect(steps[i]?.statistic).toBeCloseTo(statistic, 2);
      expect(steps[i]?.criticalValue).toBeCloseTo(critical, 2);
    },
  );

  it("finds the three outliers that NIST finds, though the first alone would not count", () => {
    const outliers = generalizedEsdOutliers(ROSNER, { mostOutliers: 10 });
    expect(outliers.map((index) => ROSNER[index])).toEqual([6.01, 5.42, 5.34]);
  });

  it("finds nothing where nothing varies, and refuses too few values", () => {
    const constant = new Float64Array(20).fill(3);
    expect(generalizedEsdOutliers(constant, { mostOutliers: 3 })).toEqual([]);
    const few = expect.objectContaining({ code: "insufficient_data" });
    expect(() => generalizedEsdOutliers(ROSNER.subarray(0, 5), { mostOutliers: 3 })).toThrow(few);
  });
});

describe("seasonal hybrid ESD", () => {
  const random = createRandom(8);
  const wave = Float64Array.from(
    { length: 24 * 14 },
    (_, i) => 100 + 50 * Math.sin((2 * Math.PI * i) / 24) + random.normal(),
  );

  it("finds a value that is ordinary for the series but not for its hour", () => {
    const values = wave.slice();
    const trough = 24 * 9 + 18;
    values[trough] = 110;
    const options = { periodSamples: 24, significance: 0.001 };
    expect(seasonalEsdOutliers(values, options)).toEqual([trough]);
  });

  it("refuses less than two seasons and a share of a half", () => {
    const few = expect.objectContaining({ code: "insufficient_data" });
    expect(() => seasonalEsdOutliers(wave, { periodSamples: 300 })).toThrow(few);
    expect(() => seasonalEsdOutliers(wave, { periodSamples: 24, mostShare: 0.5 })).toThrow(
      "mostShare",
    );
  });
});
