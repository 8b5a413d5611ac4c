import { describe, expect, it } from "vitest";
import { intervalOf, type SeriesFacts, seriesFindings } from "./series-findings.ts";

const T = 1_700_000_000_000;
const STEP_MS = 15_000;

/** Samples at these multiples of 15 s. */
function series(steps: readonly number[], values: readonly number[] = steps) {
  return {
    timestampsMs: Float64Array.from(steps, (step) => T + step * STEP_MS),
    values: Float64Array.from(values),
  };
}

function found(
  steps: readonly number[],
  values?: readonly number[],
  facts: Partial<SeriesFacts> = {},
) {
  const nowMs = T + (steps.at(-1) ?? 0) * STEP_MS;
  return seriesFindings(series(steps, values), {
    ...{ nowMs, isCounter: false, hasEnded: false, ...facts },
  });
}

describe("seriesFindings", () => {
  it.each([
    ["no sample", []],
    ["one sample", [0]],
    ["steady samples", [0, 1, 2, 3, 4]],
    ["jitter of half an interval", [0, 1.4, 2, 3.5, 4]],
    ["one missed sample", [0, 1, 2, 4, 5]],
  ])("finds nothing in %s", (_, steps) => expect(found(steps)).toEqual([]));

  it("counts the places where samples are missing", () => {
    expect(found([0, 1, 2, 3, 7, 8, 9, 20])).toEqual([{ kind: "gap", amount: 2 }]);
  });

  it("counts resets of a counter, and of nothing else", () => {
    const values = [5, 6, 0, 2, 1];
    expect(found([0, 1, 2, 3, 4], values)).toEqual([]);
    expect(found([0, 1, 2, 3, 4], values, { isCounter: true })).toEqual([
      { kind: "reset", amount: 2 },
    ]);
  });

  it("counts values that are not finite", () => {
    expect(found([0, 1, 2], [Number.NaN, 1, Number.POSITIVE_INFINITY])).toEqual([
      { kind: "not_finite", amount: 2 },
    ]);
  });

  it("calls a series dead that stopped without saying so", () => {
    const afterMs = (ms: number, hasEnded = false) =>
      found([0, 1, 2, 3], undefined, { nowMs: T + 3 * STEP_MS + ms, hasEnded });
    expect(afterMs(5 * STEP_MS)).toEqual([]);
    expect(afterMs(5 * STEP_MS + 1)).toEqual([{ kind: "dead_series", amount: 1 }]);
    expect(afterMs(5 * STEP_MS + 1, true)).toEqual([]);
  });
});

describe("intervalOf", () => {
  it("is the median distance", () => expect(intervalOf(series([0, 1, 2, 9, 10]))).toBe(STEP_MS));
  it("is unknown for fewer than four samples", () =>
    expect(intervalOf(series([0, 1, 2]))).toBeUndefined());
});
