import { describe, expect, it } from "vitest";
import { principalComponents } from "./principal-components.ts";

describe("principalComponents", () => {
  // L. I. Smith, A tutorial on Principal Components Analysis (2002), chapter 3.
  const rows = [
    [2.5, 2.4],
    [0.5, 0.7],
    [2.2, 2.9],
    [1.9, 2.2],
    [3.1, 3.0],
    [2.3, 2.7],
    [2, 1.6],
    [1, 1.1],
    [1.5, 1.6],
    [1.1, 0.9],
  ].map((row) => Float64Array.from(row));

  it("has the means, eigenvalues and eigenvectors of the published example", () => {
    const { means, variances, directions } = principalComponents(rows);
    expect([...means]).toEqual([expect.closeTo(1.81, 12), expect.closeTo(1.91, 12)]);
    expect(variances[0]).toBeCloseTo(1.28402771, 8);
    expect(variances[1]).toBeCloseTo(0.0490833989, 9);
    const [x, y] = directions[0] ?? [];
    expect(Math.abs(x ?? 0)).toBeCloseTo(0.677873399, 8);
    expect((x ?? 0) / (y ?? 1)).toBeCloseTo(0.677873399 / 0.735178656, 8);
  });

  it("refuses a single row", () => {
    expect(() => principalComponents(rows.slice(0, 1))).toThrow("at least 2");
  });
});
