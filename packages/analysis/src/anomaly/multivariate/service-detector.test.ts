import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { referenceAnswer, referenceColumn, referenceRows } from "../fixtures/reference-answers.ts";
import { RobustCovariance } from "./robust-covariance.ts";
import { createServiceDetector } from "./service-detector.ts";

describe("RobustCovariance beside scikit-learn's minimum covariance determinant", () => {
  const rows = referenceRows("robust.rows");
  const create = () => new RobustCovariance(new Float64Array(RobustCovariance.stateLength(3)), 3);
  const learned = create();
  for (const row of rows) learned.learn(row, learned.distance(row));

  it("has its location and covariance, though 4 % of the rows are far off", () => {
    const deviations = referenceRows("robust.covariance").map((row, i) => Math.sqrt(row[i]!));
    for (const [i, location] of referenceColumn("robust.location").entries()) {
      expect(Math.abs(learned.center[i]! - location)).toBeLessThan(0.2 * deviations[i]!);
    }
    const robust = referenceRows("robust.covariance");
    const plain = referenceRows("robust.plainCovariance");
    for (const [at, found] of learned.covariance.entries()) {
      const [i, j] = [Math.floor(at / 3), at % 3];
      const unit = deviations[i]! * deviations[j]!;
      const error = Math.abs(found - robust[i]![j]!) / unit;
      expect(error).toBeLessThan(0.4);
      expect(error).toBeLessThan(Math.abs(plain[i]![j]! - robust[i]![j]!) / unit);
    }
  });

  it("puts the same rows farthest off, and the distances in its order", () => {
    const distances = Float64Array.from(rows, (row) => learned.distance(row));
    const order = [...distances.keys()].toSorted((a, b) => distances[b]! - distances[a]!);
    expect(order.slice(0, 60).toSorted((a, b) => a - b)).toEqual(
      referenceAnswer("robust.outliers"),
    );
    const reference = referenceColumn("robust.distances");
    const ratios = distances.map((distance, i) => distance / reference[i]!).subarray(0, 200);
    expect(Math.max(...ratios)).toBeLessThan(1.5);
    expect(Math.min(...ratios)).toBeGreaterThan(0.5);
  });

  it("shares a distance among the signals: all of it to the one that is off", () => {
    const independent = new RobustCovariance(new Float64Array(RobustCovariance.stateLength(2)), 2);
    const random = createRandom(4);
    for (let i = 0; i < 5000; i++) independent.learn([random.normal(), random.normal()], 0);
    expect(independent.distance([0, 5])).toBeCloseTo(5, 0);
    expect(independent.shares([0, 5])[1]).toBeGreaterThan(0.98);
    const sum = learned.shares(rows[7]!).reduce((total, share) => total + share, 0);
    expect(sum).toBeCloseTo(1, 12);
  });
});

describe("a service of four golden signals", () => {
  const SIGNALS = ["latency", "traffic", "errors", "saturation"];
  const STEP_MS = 300_000;

  /** A service whose latency and saturation follow its traffic, with a daily wave. */
  function moments(count: number, seed: number): number[][] {
    const random = createRandom(seed);
    return Array.from({ length: count }, (_, i) => {
      const traffic = 100 + 60 * Math.sin((2 * Math.PI * i) / 288) + 3 * random.normal();
      const latency = 0.05 + 0.001 * traffic + 0.004 * random.normal();
      const errors = 0.01 + 0.002 * random.normal();
      return [latency, traffic, errors, 0.2 + 0.003 * traffic + 0.01 * random.normal()];
    });
  }

  function verdictsOf(rows: readonly number[][]) {
    const detector = createServiceDetector({ signals: SIGNALS });
    return rows.map((row, i) => detector.push(i * STEP_MS, row));
  }

  it("finds latency that is usual for the day but not for so little traffic, and names it", () => {
    for (const seed of [1, 2, 3]) {
      const rows = moments(3000, seed);
      // 0.2 s is what the busiest hour brings; sample 2808 is in the quietest.
      for (let i = 2808; i < 2820; i++) rows[i]![0] = 0.2;
      const pages = verdictsOf(rows).flatMap((verdict, i) =>
        verdict.page ? [{ i, verdict }] : [],
      );
      expect(pages.map(({ i }) => i)).toEqual([2808]);
      expect(pages[0]?.verdict.score).toBeGreaterThanOrEqual(0.75);
      expect(pages[0]?.verdict.shares[0]?.signal).toBe("latency");
      expect(pages[0]?.verdict.shares[0]?.share).toBeGreaterThan(0.5);
    }
  });

  it("is quiet otherwise, and counts no shares", () => {
    const verdicts = verdictsOf(moments(4000, 9));
    expect(verdicts.filter(({ page }) => page)).toEqual([]);
    expect(verdicts.at(-1)?.shares).toEqual([]);
    expect(verdicts.at(-1)?.score).toBeLessThan(0.5);
  });

  it("is causal, and continues from a saved state through JSON", () => {
    const rows = moments(700, 5);
    rows[650]![2] = 0.3;
    const whole = verdictsOf(rows);
    expect(whole.some(({ page }) => page)).toBe(true);
    expect(verdictsOf(rows.slice(0, 400))).toEqual(whole.slice(0, 400));
    const first = createServiceDetector({ signals: SIGNALS });
    for (const [i, row] of rows.slice(0, 400).entries()) first.push(i * STEP_MS, row);
    const second = createServiceDetector({ signals: SIGNALS });
    second.restore(JSON.parse(JSON.stringify(first.save())));
    const rest = rows.slice(400).map((row, i) => second.push((400 + i) * STEP_MS, row));
    expect(rest).toEqual(whole.slice(400));
    expect(first.stateBytes).toBeLessThan(400);
  });

  it("asks a fast service for a second sample", () => {
    const detector = createServiceDetector({ signals: SIGNALS });
    const rows = moments(2000, 6);
    rows[1500]![2] = 0.5;
    for (const i of [1700, 1701]) rows[i]![2] = 0.9;
    const pages = rows.flatMap((row, i) => (detector.push(i * 15_000, row).page ? [i] : []));
    expect(pages).toEqual([1701]);
  });

  it("passes over what is not finite, of another length, or out of order", () => {
    const detector = createServiceDetector({ signals: SIGNALS });
    for (const [i, row] of moments(200, 7).entries()) detector.push(i * STEP_MS, row);
    const before = detector.save();
    for (const values of [
      [1, 2, Number.NaN, 4],
      [1, 2],
      [1, 2, 3, 1e31],
    ]) {
      expect(detector.push(201 * STEP_MS, values)).toMatchObject({ score: 0, page: false });
    }
    expect(detector.push(10 * STEP_MS, [1, 2, 3, 4]).distance).toBeNaN();
    expect(detector.save()).toEqual(before);
  });

  it("survives constant signals and two that say the same", () => {
    const detector = createServiceDetector({ signals: ["a", "b", "c"] });
    const random = createRandom(8);
    for (let i = 0; i < 2000; i++) {
      const value = random.normal();
      const { score, distance } = detector.push(i * STEP_MS, [value, value, 7]);
      expect(Number.isFinite(score)).toBe(true);
      expect(Number.isFinite(distance)).toBe(i >= 100);
    }
  });

  it("does not tell a signal apart below its least scale", () => {
    const random = createRandom(3);
    const rows = Array.from({ length: 1000 }, () => [random.normal(), 0]);
    // One failure among thousands, in a service that never had any.
    for (const i of [800, 801]) rows[i]![1] = 0.001;
    const pagesWith = (leastScales: readonly number[]) => {
      const detector = createServiceDetector({ signals: ["latency", "errors"], leastScales });
      return rows.filter((row, i) => detector.push(i * 15_000, row).page).length;
    };
    expect(pagesWith([])).toBe(1);
    expect(pagesWith([0, 0.005])).toBe(0);
  });

  it("refuses too few signals, too many, and another's state", () => {
    expect(() => createServiceDetector({ signals: ["one"] })).toThrow("signals");
    expect(() => createServiceDetector({ signals: Array<string>(17).fill("x") })).toThrow(
      "signals",
    );
    const invalid = expect.objectContaining({ code: "invalid_state" });
    const other = createServiceDetector({ signals: ["a", "b"] }).save();
    expect(() => createServiceDetector({ signals: SIGNALS }).restore(other)).toThrow(invalid);
  });
});
