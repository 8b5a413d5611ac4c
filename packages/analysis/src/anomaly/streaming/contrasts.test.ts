import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { Contrasts } from "./contrasts.ts";

const create = () =>
  new Contrasts(new Float64Array(Contrasts.stateLength), new Float32Array(Contrasts.ringLength));

/** The contrasts after all values have been taken. */
function after(values: readonly number[]) {
  const contrasts = create();
  for (const value of values) contrasts.take(value);
  return contrasts.latest;
}

const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe("Contrasts", () => {
  it("are all 0 on a constant series", () => {
    expect(Object.values(after(Array<number>(500).fill(7))).every((value) => value === 0)).toBe(
      true,
    );
  });

  it("compare window means with plain means while the levels are young", () => {
    const random = createRandom(3);
    const values = Array.from({ length: 45 }, () => Math.fround(random.uniform()));
    const latest = after(values);
    expect(latest.burst).toBeCloseTo(meanOf(values.slice(-3)) - meanOf(values.slice(0, -3)), 6);
    expect(latest.shift).toBeCloseTo(meanOf(values.slice(-20)) - meanOf(values.slice(0, -20)), 6);
    expect(latest.extreme).toBeCloseTo((values.at(-1) ?? 0) - meanOf(values.slice(0, -1)), 10);
  });

  it("show a new level first in the short window and last in the long one", () => {
    const shifted = (count: number) => after([...Array(300).fill(0), ...Array(count).fill(1)]);
    expect(shifted(3).burst).toBeCloseTo(1, 12);
    expect(shifted(3).drift).toBeCloseTo(3 / 50, 12);
    expect(shifted(50).drift).toBeCloseTo(1, 12);
    expect(shifted(50).burst).toBeLessThan(0.7);
  });

  it("measure roughness as the mean step between neighbours", () => {
    const zigzag = Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? 1 : -1));
    expect(after(zigzag).roughness).toBeCloseTo(2, 6);
  });

  it("forget a huge value completely once it has left the windows", () => {
    const latest = after([...Array(100).fill(0.1), 1e17, ...Array(120).fill(0.1)]);
    const withoutLevels = create();
    for (let i = 0; i < 221; i++) withoutLevels.take(0.1);
    expect(Number.isFinite(latest.burst)).toBe(true);
    expect(withoutLevels.latest.burst).toBeCloseTo(0, 6);
  });
});
