/**
 * Data quality, and what it kept from being paged, in the JSON contract; read it by `contract.ts`,
 * which names all of it. Types only.
 */
import type { AnomalyEvent, AnomalySignal } from "./contract.ts";

/** What data can be wrong in. Timeliness has no share in the overall score: it is a time. */
export type QualityDimension =
  | "accuracy"
  | "completeness"
  | "consistency"
  | "validity"
  | "timeliness";

/** One reason for a quality below the standard; a page makes a sentence of it. */
export interface QualityProblem {
  readonly dimension: QualityDimension;
  /**
   * The share of samples that are implausible, missing or invalid, or of steps that jump, 0..1; of
   * timeliness the age of the newest sample in ms.
   */
  readonly amount: number;
}

/** Quality of one series' samples, each dimension from 0 (worst) to 1. */
export interface SignalQuality {
  readonly signal: AnomalySignal;
  /** "" for a golden signal, else what is measured: `cpu_cores` or `memory_bytes`. */
  readonly metric: string;
  readonly accuracy: number;
  readonly completeness: number;
  readonly consistency: number;
  readonly validity: number;
  readonly overall: number;
  readonly meetsStandard: boolean;
  /** Age of the newest sample. */
  readonly timelinessMs: number;
  /** Why the standard is not met, or almost not; the worst first. */
  readonly problems: readonly QualityProblem[];
}

/** A sample at which one of the four Western Electric rules was met. */
export interface ControlViolation {
  readonly rule: 1 | 2 | 3 | 4;
  readonly side: "above" | "below";
  readonly timestampMs: number;
  readonly value: number;
}

/** The control chart of one signal: lines from the hour before, judged on the span after it. */
export interface QualityChart {
  readonly center: number;
  /** Standard deviation of the process in control. */
  readonly sigma: number;
  /** Bounds of the 3-sigma and of the 6-sigma chart, in the unit of the signal. */
  readonly threeSigma: { readonly lower: number; readonly upper: number };
  readonly sixSigma: { readonly lower: number; readonly upper: number };
  readonly timestampsMs: readonly number[];
  /** null where a sample is missing. */
  readonly values: readonly (number | null)[];
  /** By time, those of the judged span only. */
  readonly violations: readonly ControlViolation[];
  /** Samples of the judged span beyond the 6-sigma lines. */
  readonly beyondSixSigma: number;
}

/** Quality with the chart; `chart` is null when the hour before is too short or does not vary. */
export interface ChartedQuality extends SignalQuality {
  readonly chart: QualityChart | null;
}

/** `GET /api/avx/quality?service=` of the last quarter of an hour. */
export interface QualityAnswer {
  readonly spanMs: number;
  readonly signals: readonly ChartedQuality[];
  /** Findings of the last 24 hours that were not paged because of bad quality. */
  readonly heldPages: number;
}

/** The quality of all that a service sends. */
export interface ServiceQuality {
  readonly service: string;
  /** The least of its signals. */
  readonly overall: number;
  readonly signals: readonly SignalQuality[];
  /** Findings of the last 24 hours that were not paged because of bad quality. */
  readonly heldPages: number;
}

/** `GET /api/avx/quality/services` of the last quarter of an hour, worst first. */
export interface ServiceQualitiesAnswer {
  readonly spanMs: number;
  readonly services: readonly ServiceQuality[];
}

/** A finding that was kept but not paged, as its series was of bad quality. */
export interface HeldAnomaly extends AnomalyEvent {
  readonly hold: {
    readonly reason: "quality";
    /** The lesser of completeness and validity of the last samples when it opened, 0..1. */
    readonly quality: number;
    readonly problems: readonly QualityProblem[];
  };
}

/** `GET /api/avx/anomalies/held?service=&start=&end=&limit=` newest first. */
export interface HeldAnomaliesAnswer {
  readonly held: readonly HeldAnomaly[];
}
