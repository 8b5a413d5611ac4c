import { describe, expect, it } from "vitest";
import { controlLimits, individualsChart } from "./control-chart.ts";

// NIST/SEMATECH e-Handbook 6.3.2.2: individuals chart of ten flow rates.
const FLOW_RATES = Float64Array.of(49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1);

describe("individualsChart", () => {
  it("has the centre and the limits of the NIST e-Handbook", () => {
    const limits = controlLimits(individualsChart(FLOW_RATES));
    expect(limits.center).toBeCloseTo(50.81, 4);
    expect(limits.upper).toBeCloseTo(55.8041, 4);
    expect(limits.lower).toBeCloseTo(45.8159, 4);
  });

  it("draws 6-sigma limits twice as far", () => {
    const chart = individualsChart(FLOW_RATES);
    expect(controlLimits(chart, 6).upper - chart.center).toBeCloseTo(2 * (55.8041 - 50.81), 3);
  });

  it("refuses a baseline that is too short or does not vary", () => {
    const short = expect.objectContaining({ code: "insufficient_data" });
    expect(() => individualsChart(Float64Array.of(1))).toThrow(short);
    expect(() => individualsChart(Float64Array.of(1, 1))).toThrow("sigma of the baseline");
  });
});
