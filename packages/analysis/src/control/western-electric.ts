import { requirePositive } from "../analysis-error.ts";
import type { TimeSeries } from "../time-series.ts";
import type { ControlChart } from "./control-chart.ts";

/** One of the four zone rules. */
export interface WesternElectricRule {
  readonly rule: 1 | 2 | 3 | 4;
  /** How many of the latest `window` samples must lie beyond the line, on one side. */
  readonly count: number;
  readonly window: number;
  /** The line, in sigma from the centre. */
  readonly beyondSigma: number;
}

/** The zone rules of the Western Electric Statistical Quality Control Handbook (1956). */
export const WESTERN_ELECTRIC_RULES: readonly WesternElectricRule[] = [
  { rule: 1, count: 1, window: 1, beyondSigma: 3 },
  { rule: 2, count: 2, window: 3, beyondSigma: 2 },
  { rule: 3, count: 4, window: 5, beyondSigma: 1 },
  { rule: 4, count: 8, window: 8, beyondSigma: 0 },
];

/** A rule that fired at a sample. */
export interface RuleViolation {
  readonly rule: 1 | 2 | 3 | 4;
  readonly side: "above" | "below";
  readonly index: number;
  readonly timestampMs: number;
  readonly value: number;
}

/**
 * Every sample at which a rule is met, by sample, then by rule. The sample itself must lie beyond
 * the line: a return to normal does not fire because of the samples before it. A `NaN` lies on
 * neither side but takes its place in the window.
 */
export function westernElectricViolations(
  series: TimeSeries,
  chart: ControlChart,
): RuleViolation[] {
  requirePositive("sigma", chart.sigma);
  const violations: RuleViolation[] = [];
  const distances = series.values.map((value) => (value - chart.center) / chart.sigma);
  for (const [index, value] of series.values.entries()) {
    for (const rule of WESTERN_ELECTRIC_RULES) {
      const side = sideThatFires(distances, index, rule);
      if (side === undefined) continue;
      const timestampMs = series.timestampsMs[index]!;
      violations.push({ rule: rule.rule, side, index, timestampMs, value });
    }
  }
  return violations;
}

function sideThatFires(
  distances: Float64Array,
  index: number,
  rule: WesternElectricRule,
): "above" | "below" | undefined {
  const sign = Math.sign(distances[index]!);
  const isBeyond = (distance: number) => distance * sign > rule.beyondSigma;
  if (!isBeyond(distances[index]!)) return undefined;
  const window = distances.subarray(Math.max(0, index - rule.window + 1), index + 1);
  if (window.filter(isBeyond).length < rule.count) return undefined;
  return sign > 0 ? "above" : "below";
}
