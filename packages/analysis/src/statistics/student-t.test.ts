import { describe, expect, it } from "vitest";
import { studentTQuantile } from "./student-t.ts";

describe("studentTQuantile", () => {
  it.each([
    // NIST/SEMATECH e-Handbook 1.3.6.7.2, critical values of Student's t
    [0.975, 10, 2.228],
    [0.95, 5, 2.015],
    [0.975, 1, 12.706],
    [0.999, 30, 3.385],
    [0.9, 100, 1.29],
  ])("is the printed value at %d with %d degrees of freedom", (probability, freedom, expected) => {
    expect(studentTQuantile(probability, freedom)).toBeCloseTo(expected, 3);
  });

  it("is exact with one degree, where t is a Cauchy variable: tan(pi (p - 1/2))", () => {
    expect(studentTQuantile(0.995, 1)).toBeCloseTo(Math.tan(Math.PI * 0.495), 6);
  });

  it("is odd around one half, and refuses the ends", () => {
    expect(studentTQuantile(0.2, 7)).toBe(-studentTQuantile(0.8, 7));
    expect(studentTQuantile(0.5, 7)).toBeCloseTo(0, 12);
    expect(() => studentTQuantile(1, 7)).toThrow("probability");
  });
});
