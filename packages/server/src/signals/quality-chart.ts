import {
  AnalysisError,
  type ControlChart,
  controlLimits,
  individualsChart,
  westernElectricViolations,
} from "@avx/analysis";
import type { LabelledSeries } from "@avx/model";
import type { QualityChart } from "../contract.ts";
import { onGrid, type StepRange } from "./by-service.ts";

/** Fewer samples than half of the baseline say little of what is usual. */
const FEWEST_BASELINE_SAMPLES = 30;

/**
 * The control chart of a series: lines from the samples before `judgedFromMs`, the four Western
 * Electric rules and the 6-sigma lines on those from then on. null when the baseline is short or
 * does not vary.
 */
export function qualityChart(
  series: LabelledSeries | undefined,
  range: StepRange,
  judgedFromMs: number,
): QualityChart | null {
  const values = Float64Array.from(onGrid(series, range), (value) => value ?? Number.NaN);
  const timestampsMs = Float64Array.from(values, (_, i) => range.startMs + i * range.stepMs);
  const judgedFrom = timestampsMs.findIndex((timeMs) => timeMs >= judgedFromMs);
  const chart = chartOf(values.subarray(0, judgedFrom).filter(Number.isFinite));
  if (chart === undefined) return null;
  const violations = westernElectricViolations({ timestampsMs, values }, chart).filter(
    ({ timestampMs }) => timestampMs >= judgedFromMs,
  );
  const sixSigma = controlLimits(chart, 6);
  const beyond = values
    .subarray(judgedFrom)
    .filter((value) => value < sixSigma.lower || value > sixSigma.upper);
  return {
    ...{ center: chart.center, sigma: chart.sigma },
    threeSigma: boundsOf(controlLimits(chart)),
    sixSigma: boundsOf(sixSigma),
    timestampsMs: [...timestampsMs],
    values: Array.from(values, (value) => (Number.isNaN(value) ? null : value)),
    violations: violations.map(({ rule, side, timestampMs, value }) => ({
      ...{ rule, side, timestampMs, value },
    })),
    beyondSixSigma: beyond.length,
  };
}

function chartOf(baseline: Float64Array): ControlChart | undefined {
  if (baseline.length < FEWEST_BASELINE_SAMPLES) return undefined;
  try {
    return individualsChart(baseline);
  } catch (error) {
    if (error instanceof AnalysisError) return undefined; // It does not vary.
    throw error;
  }
}

function boundsOf({ lower, upper }: { readonly lower: number; readonly upper: number }) {
  return { lower, upper };
}
