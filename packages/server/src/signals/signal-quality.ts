import {
  assessQuality,
  QUALITY_STANDARD,
  type QUALITY_WEIGHTS,
  weightedScore,
} from "@avx/analysis";
import type { LabelledSeries } from "@avx/model";
import type { QualityProblem, SignalQuality } from "../contract.ts";
import type { StepRange } from "./by-service.ts";
import type { QualitySubject } from "./quality-subjects.ts";

/** Below this a dimension is named as a problem: one sample in twenty, as the standard allows. */
const PROBLEM_BELOW = 0.95;
/** The spread of fewer samples than this says nothing of what is plausible: the first three minutes. */
const FEWEST_SPREAD_SAMPLES = 12;
/** Four missed exports at the usual 15 s, as for a service's status. */
const LATE_AFTER_MS = 60_000;

/** A series with all that its quality is told from. */
export interface QualityInput {
  readonly subject: QualitySubject;
  readonly series: LabelledSeries;
  readonly range: StepRange;
  readonly nowMs: number;
  /** Where each sample was expected, by the detectors; NaN where they had no opinion. */
  readonly band: { readonly lower: Float64Array; readonly upper: Float64Array } | undefined;
  /** Samples that came, as a share of those that should have; undefined when it cannot be told. */
  readonly receivedShare: number | undefined;
  /** Time of the newest sample itself, not of the newest step. */
  readonly heardMs: number | undefined;
}

/** Assesses one series. Its overall score is that of the product's definition of quality. */
export function qualityOf(input: QualityInput): SignalQuality {
  const { subject, series, range, nowMs, band, receivedShare, heardMs } = input;
  // What lies before the first sample is no gap: the service may be younger than the span.
  const startMs = series.timestampsMs[0] ?? range.startMs;
  const isJudged = band?.lower.some(Number.isFinite) ?? false;
  const found = assessQuality(series, {
    ...{ stepMs: range.stepMs, validRange: subject.validRange },
    bounds: { startMs, endMs: range.endMs },
    ...(band !== undefined && isJudged ? { band } : {}),
  });
  const onGrid = subject.counted === undefined ? 1 : found.completeness;
  const completeness = Math.min(onGrid, receivedShare ?? 1);
  const isTold = isJudged || series.values.length >= FEWEST_SPREAD_SAMPLES;
  const accuracy = isTold ? found.accuracy : 1;
  const { consistency, validity } = found;
  const overall = weightedScore({ accuracy, completeness, consistency, validity });
  const newestMs = heardMs ?? series.timestampsMs.at(-1) ?? range.startMs;
  const timelinessMs = Math.max(0, nowMs - newestMs);
  return {
    ...{ signal: subject.signal, metric: subject.metric },
    ...{ accuracy, completeness, consistency, validity, overall, timelinessMs },
    meetsStandard: overall >= QUALITY_STANDARD,
    problems: problemsOf({ accuracy, completeness, consistency, validity }, timelinessMs),
  };
}

type Dimensions = Pick<SignalQuality, keyof typeof QUALITY_WEIGHTS>;

function problemsOf(dimensions: Dimensions, timelinessMs: number): QualityProblem[] {
  const shares = Object.entries(dimensions)
    .filter(([, share]) => share < PROBLEM_BELOW)
    .sort(([, a], [, b]) => a - b)
    .map(([dimension, share]) => ({ dimension: dimension as keyof Dimensions, amount: 1 - share }));
  if (timelinessMs <= LATE_AFTER_MS) return shares;
  return [{ dimension: "timeliness", amount: timelinessMs }, ...shares];
}
