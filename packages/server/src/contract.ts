/**
 * The JSON that the dashboard and other programs read from `/api/avx/*`. Types only: the one file
 * of the server that the dashboard may import.
 */
import type { MetricDocument } from "@avx/model";

export type {
  DataAnswer,
  DataFinding,
  DataFindingKind,
  DataShare,
  LabelShare,
  ServiceData,
  ServiceShare,
} from "./contract-data.ts";
export type {
  CapacityAnswer,
  CapacityForecast,
  CapacityOutlook,
  CapacityResource,
  CapacityRow,
  ForecastAnswer,
  ForecastBacktest,
  ForecastBody,
  ForecastMember,
  ForecastQueryAnswer,
  ForecastRefusal,
} from "./contract-forecast.ts";
export type {
  ChartedQuality,
  ControlViolation,
  HeldAnomaliesAnswer,
  HeldAnomaly,
  QualityAnswer,
  QualityChart,
  QualityDimension,
  QualityProblem,
  ServiceQualitiesAnswer,
  ServiceQuality,
  SignalQuality,
} from "./contract-quality.ts";
export type { SignalStorage, StorageAnswer } from "./contract-storage.ts";

/** One change of one signal of one service, from the sample that opened it to the one that closed it. */
export interface AnomalyEvent {
  readonly id: string;
  readonly service: string;
  readonly signal: AnomalySignal;
  /** The series of a selector that was asked for with `--detect`; "" for a golden signal. */
  readonly metric: string;
  /** Unix ms of the sample that opened it. */
  readonly timestampMs: number;
  /** Unix ms of the sample that closed it; null while it is open. */
  readonly endMs: number | null;
  /** Of the sample that opened it. */
  readonly value: number;
  /** The value farthest from what was expected, so far. */
  readonly peakValue: number;
  readonly unit: "s" | "1/s" | "ratio" | "1";
  readonly expectedLower: number | null;
  readonly expectedUpper: number | null;
  readonly detector: string;
  /** What was seen: a word of docs/reference/anomaly-detection.md, such as `jump-up`. */
  readonly reason: string;
  readonly score: number;
  readonly threshold: number;
  /**
   * What all golden signals of the service say together, at their most unusual while it lasts.
   * Absent: not judged, as for the series of a selector, or in a service's first samples.
   */
  readonly joint?: JointOpinion | null;
}

/** A second opinion on a moment of a service: how unusual its golden signals are together. */
export interface JointOpinion {
  /** 0 to 1; at least 0.5 where the signals together are more unusual than they have been. */
  readonly score: number;
  /** How much of that each signal accounts for: parts of 1, the largest first; else empty. */
  readonly shares: readonly { readonly signal: GoldenSignal; readonly share: number }[];
}

/** The four golden signals of the SRE book. */
export type GoldenSignal = "latency" | "traffic" | "errors" | "saturation";

/** A golden signal, or a series of a selector in configuration. */
export type AnomalySignal = GoldenSignal | "metric";

/** Findings of a service, or of one of its signals, that are not shown until an end. */
export interface AnomalyMute {
  readonly id: string;
  readonly service: string;
  /** null = all signals. */
  readonly signal: AnomalySignal | null;
  readonly untilMs: number;
  readonly note: string;
}

/** `GET /api/avx/services?start=&end=`: one row a service, worst first. null = no data in the range. */
export interface ServiceSummary {
  readonly service: string;
  readonly status: "ok" | "degraded" | "failing" | "stale";
  readonly requestsPerSecond: number | null;
  readonly errorRatio: number | null;
  readonly p50Seconds: number | null;
  readonly p95Seconds: number | null;
  readonly p99Seconds: number | null;
  /** Request rate over the range, evenly spaced, null where there is no sample. */
  readonly rateSparkline: readonly (number | null)[];
  readonly lastSeenMs: number | null;
  readonly openAnomalies: number;
}

/** The services of a range, worst first. */
export interface ServicesAnswer {
  readonly nowMs: number;
  readonly services: readonly ServiceSummary[];
}

/** A deployment, a change of configuration, or anything else worth knowing beside the charts. */
export interface OperationEvent {
  readonly id: string;
  readonly kind: "deploy" | "config" | "note";
  /** "" = of all services. */
  readonly service: string;
  readonly timestampMs: number;
  /** A version, a commit, a sentence. */
  readonly title: string;
}

/** Body of `POST /api/avx/events`. */
export interface OperationEventBody {
  readonly kind: OperationEvent["kind"];
  readonly title: string;
  readonly service?: string;
  /** Unix seconds or RFC 3339; now when absent. */
  readonly time?: number | string;
}

/** `GET /api/avx/events?service=&start=&end=&limit=` newest first. */
export interface OperationEventsAnswer {
  readonly events: readonly OperationEvent[];
}

/** Another signal that changed at about the same time. */
export interface RelatedAnomaly {
  readonly id: string;
  readonly service: string;
  readonly signal: AnomalySignal;
  readonly metric: string;
  readonly timestampMs: number;
  readonly reason: string;
  /** 0 to 1: how closely it began with the anomaly, and how strongly it changed. */
  readonly closeness: number;
}

/** What is known about an anomaly besides its own numbers; a page makes sentences of it. */
export interface AnomalyExplanation {
  /** Deployments and changes of configuration in the half hour before, the latest first. */
  readonly changes: readonly OperationEvent[];
  /** The closest first. */
  readonly related: readonly RelatedAnomaly[];
  /** Earlier events of the same series that are still remembered. */
  readonly similarCount: number;
  readonly similarLastMs: number | null;
}

/** An anomaly with its explanation and what somebody said of it. */
export interface ExplainedAnomaly extends AnomalyEvent {
  readonly explanation: AnomalyExplanation;
  readonly feedback: AnomalyFeedback | null;
}

/** `expected` raises the threshold of the series, `useful` takes that back. */
export type AnomalyFeedback = "expected" | "useful";

/** `GET /api/avx/anomalies?service=&start=&end=&limit=` newest first. */
export interface AnomaliesAnswer {
  readonly anomalies: readonly ExplainedAnomaly[];
  /** Verdicts of the last 30 days: useful / (useful + expected) is the precision. */
  readonly verdicts: { readonly useful: number; readonly expected: number };
}

/** Body of `POST /api/avx/anomalies/ID/feedback`. */
export interface AnomalyFeedbackBody {
  readonly verdict: AnomalyFeedback;
}

/** Answer to feedback: the score that a finding of this series needs from now on. */
export interface AnomalyFeedbackAnswer {
  readonly id: string;
  readonly verdict: AnomalyFeedback;
  readonly threshold: number;
}

/** Body of `POST /api/avx/mutes`; at most 30 days. */
export interface AnomalyMuteBody {
  readonly service: string;
  readonly signal?: AnomalySignal;
  readonly durationMs: number;
  readonly note?: string;
}

/** `GET /api/avx/mutes`: those that have not ended, the next to end first. */
export interface AnomalyMutesAnswer {
  readonly mutes: readonly AnomalyMute[];
}

/** `DELETE /api/avx/mutes/ID`: the mute that ended now; 404 when there is none or it has ended. */
export interface AnomalyUnmuteAnswer {
  readonly ended: AnomalyMute;
}

/** How unusual a service was over time: a column of cells of equal length. */
export interface AnomalyRibbon {
  readonly service: string;
  /** The worst score of any of its signals in each cell, 0..1; null where nothing was judged. */
  readonly scores: readonly (number | null)[];
  /** Events that were open at some time in each cell. */
  readonly events: readonly number[];
}

/** `GET /api/avx/anomalies/ribbon?start=&end=&cells=`: the last hour in 60 cells when not told. */
export interface AnomalyRibbonsAnswer {
  /** Start of the first cell. */
  readonly startMs: number;
  readonly cellMs: number;
  readonly cells: number;
  readonly ribbons: readonly AnomalyRibbon[];
}

/** `GET /api/avx/traces?service=&operation=&start=&end=&minDurationMs=&errors=&limit=` newest first. */
export interface TraceRow {
  readonly traceId: string;
  readonly rootService: string;
  readonly rootName: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly spanCount: number;
  readonly errorCount: number;
  readonly services: readonly string[];
}

/** Found traces, newest first. */
export interface TracesAnswer {
  readonly traces: readonly TraceRow[];
}

/** One span of `GET /api/avx/traces/ID`, by start time. Attributes as text. */
export interface TraceSpan {
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly service: string;
  readonly name: string;
  readonly kind: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly status: "unset" | "ok" | "error";
  readonly statusMessage: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly events: readonly { readonly name: string; readonly timeMs: number }[];
}

/** One trace with all its spans, by start time. */
export interface TraceAnswer {
  readonly traceId: string;
  readonly spans: readonly TraceSpan[];
}

/** `GET /api/avx/documents?service=&start=&end=&limit=` oldest first. */
export interface DocumentsAnswer {
  readonly documents: readonly MetricDocument[];
}

/** Every error of every route of the server. `error` and `errorType` are Prometheus' names. */
export interface ErrorAnswer {
  readonly status: "error";
  readonly errorType: string;
  readonly error: string;
  /** AvxError code, docs/reference/errors.md. */
  readonly code: string;
}
