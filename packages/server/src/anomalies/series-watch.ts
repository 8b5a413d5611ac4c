import type { StreamingState, StreamingVerdict } from "@avx/analysis";
import type { AnomalyEvent, AnomalySignal, HeldAnomaly, JointOpinion } from "../contract.ts";
import { type BankedDetector, createDetectorBank, type DetectorBank } from "./detector-bank.ts";
import { createRelapses, expectedOf, RELAPSE_WINDOW_MS, type Relapses } from "./relapses.ts";
import { type ExpectedBand, isInside, isRelevant, type SignalValue } from "./relevance.ts";
import { freshTrust, holdBy, observeArrival, type TrustState } from "./series-trust.ts";

/** What is watched. */
export interface WatchedSeries {
  /** Names the series among all that are watched, also across restarts. */
  readonly key: string;
  readonly service: string;
  readonly signal: AnomalySignal;
  readonly metric: string;
  readonly unit: AnomalyEvent["unit"];
  readonly kind: "gauge" | "counter";
}

/** An event; with `hold` one that is kept but not paged. */
export type WatchEvent = AnomalyEvent & Partial<Pick<HeldAnomaly, "hold">>;

/** A sample's verdict, and the event that it opened, moved or closed. */
export interface WatchAnswer {
  readonly verdict: StreamingVerdict;
  readonly change: "none" | "opened" | "peaked" | "closed";
  readonly event?: WatchEvent;
}

/** A watch as it is kept over a restart. */
export interface WatchState {
  readonly series: WatchedSeries;
  readonly detector: StreamingState;
  readonly calm: ExpectedBand | null;
  readonly open: WatchEvent | null;
  readonly lastMs: number;
  readonly trust: TrustState;
}

/** The detector of one series and the event that is open on it. */
export interface SeriesWatch {
  readonly series: WatchedSeries;
  /** Unix ms of the last sample; 0 before the first. */
  readonly lastMs: number;
  readonly open: WatchEvent | undefined;
  /** Judges a sample. `threshold` is the score from which a finding opens an event. */
  push(sample: SignalValue, threshold: number): WatchAnswer;
  /** Learns a sample of the past: opens and closes nothing. */
  learn(timestampMs: number, value: number): void;
  /** Opens an event when samples stopped coming. */
  silence(nowMs: number): WatchAnswer;
  /** Keeps a second opinion on the open event; true when it says more than the one before. */
  hear(joint: JointOpinion): boolean;
  save(): WatchState;
  /** Throws AnalysisError `invalid_state` for a state of another version. */
  restore(state: WatchState): void;
}

/** A page has at least this score, by the definition of the detector. */
export const PAGE_SCORE = 0.75;
/** An alarm is open from this score on. */
export const OPEN_SCORE = 0.5;
/** A sender that pauses for a deployment or a network fault is not gone yet. */
export const ABSENT_AFTER_MS = 60_000;
/** An event closes when so many samples in a row are where they were expected. */
const CLOSE_AFTER_SAMPLES = 2;

/** A watch without history; its detector's state lies in the bank. */
export function createSeriesWatch(
  series: WatchedSeries,
  bank: DetectorBank = createDetectorBank(),
): SeriesWatch {
  return new Watch(series, bank);
}

class Watch implements SeriesWatch {
  readonly series: WatchedSeries;
  lastMs = 0;
  open: WatchEvent | undefined;
  readonly #detector: BankedDetector;
  #trust = freshTrust();
  /** The band of the last sample that lay in its band: what was normal before a change. */
  #calm: ExpectedBand | undefined;
  /** A page that does not matter yet, but may grow. */
  #pending: { readonly verdict: StreamingVerdict; readonly threshold: number } | undefined;
  readonly #relapses: Relapses;
  /** Whether the open event is one that the detector has got used to. */
  #isRelapse = false;
  #calmSamples = 0;
  #lastValue = 0;

  constructor(series: WatchedSeries, bank: DetectorBank) {
    this.series = series;
    this.#relapses = createRelapses(series.signal);
    // The windows of a quantile overlap, and waiting for a second one would only cost time.
    this.#detector = bank.open({ kind: series.kind, confirms: series.signal !== "latency" });
  }

  push(sample: SignalValue, threshold: number): WatchAnswer {
    const { timestampMs, value } = sample;
    const verdict = this.#take(timestampMs, value);
    if (verdict.reason === "not-a-number" || verdict.reason === "out-of-order") {
      return { verdict, change: "none" };
    }
    if (this.open?.reason === "absent") return this.#close(verdict, timestampMs);
    if (this.open !== undefined) {
      return this.#isRelapse
        ? this.#followRelapse(verdict, timestampMs, value)
        : this.#follow(verdict, timestampMs, value);
    }
    if (verdict.page && verdict.score >= threshold) this.#pending = { verdict, threshold };
    if (verdict.score < OPEN_SCORE) this.#pending = undefined;
    const expected = this.#before(timestampMs) ?? bandOf(verdict);
    const found = this.#pending;
    if (found !== undefined && isRelevant(this.series.signal, sample, expected)) {
      const { reason, score } = found.verdict;
      return this.#opened({ ...found, reason, score, timestampMs, value, expected });
    }
    const relapse = this.#relapses.take(sample, threshold);
    if (relapse !== undefined) {
      this.#isRelapse = true;
      const { reason, score, expected: before } = relapse;
      const again = { verdict, reason, score, threshold };
      return this.#opened({ ...again, timestampMs, value, expected: before });
    }
    if (found === undefined) this.#calmDown(verdict, value);
    return { verdict: this.#held(verdict), change: "none" };
  }

  learn(timestampMs: number, value: number): void {
    this.#calmDown(this.#take(timestampMs, value), value);
  }

  silence(nowMs: number): WatchAnswer {
    const verdict = this.#detector.silence(nowMs);
    const isAbsent = verdict.page && nowMs - this.lastMs > ABSENT_AFTER_MS;
    if (!isAbsent || this.open !== undefined) return { verdict, change: "none" };
    const expected = this.#calm ?? bandOf(verdict);
    const sample = { timestampMs: nowMs, value: this.#lastValue, threshold: PAGE_SCORE };
    const { reason, score } = verdict;
    return this.#opened({ verdict, reason, score, expected, ...sample });
  }

  hear(joint: JointOpinion): boolean {
    const { open } = this;
    if (open === undefined || open.reason === "absent") return false;
    const isWorse = joint.score >= OPEN_SCORE && joint.score > (open.joint?.score ?? 0);
    if (open.joint !== undefined && !isWorse) return false;
    this.open = { ...open, joint };
    return true;
  }

  save(): WatchState {
    const { series, lastMs } = this;
    const detector = this.#detector.save();
    const trust = { ...this.#trust };
    return { series, lastMs, detector, calm: this.#calm ?? null, open: this.open ?? null, trust };
  }

  restore(state: WatchState): void {
    this.#detector.restore(state.detector);
    this.lastMs = state.lastMs;
    this.#trust = { ...state.trust };
    this.open = state.open ?? undefined;
    this.#calm = state.calm ?? undefined;
  }

  #take(timestampMs: number, value: number): StreamingVerdict {
    const verdict = this.#detector.push(timestampMs, value);
    if (verdict.reason !== "out-of-order") {
      const elapsedMs = this.lastMs === 0 ? 0 : timestampMs - this.lastMs;
      observeArrival(this.#trust, elapsedMs, Number.isFinite(value));
    }
    if (timestampMs > this.lastMs && Number.isFinite(value)) {
      this.lastMs = timestampMs;
      this.#lastValue = value;
    }
    return verdict;
  }

  #calmDown(verdict: StreamingVerdict, value: number): void {
    const band = bandOf(verdict);
    if (isInside(value, band)) this.#calm = band;
  }

  /** What was expected before a change, also before one that has come again. */
  #before(timestampMs: number): ExpectedBand | undefined {
    return this.#relapses.expectedAt(timestampMs) ?? this.#calm;
  }

  /** While a change lasts, what was expected before it is what is expected. */
  #held(verdict: StreamingVerdict): StreamingVerdict {
    if (this.#calm === undefined || (this.open ?? this.#pending) === undefined) return verdict;
    return { ...verdict, expectedLower: this.#calm.lower, expectedUpper: this.#calm.upper };
  }

  #follow(verdict: StreamingVerdict, timestampMs: number, value: number): WatchAnswer {
    const before = this.#before(timestampMs);
    const isBack = before !== undefined && isInside(value, before);
    this.#calmSamples = isBack ? this.#calmSamples + 1 : 0;
    if (verdict.score < OPEN_SCORE || this.#calmSamples >= CLOSE_AFTER_SAMPLES) {
      if (isBack) this.#relapses.remember(this.open, timestampMs);
      return this.#close(verdict, timestampMs);
    }
    return this.#peak(this.#held(verdict), value);
  }

  /** The detector is used to the change by now, so only the band from before it can end it. */
  #followRelapse(verdict: StreamingVerdict, timestampMs: number, value: number): WatchAnswer {
    const event = this.open!; // Only called while an event is open.
    const expected = expectedOf(event);
    const isBack = isInside(value, expected);
    this.#calmSamples = isBack ? this.#calmSamples + 1 : 0;
    if (this.#calmSamples >= CLOSE_AFTER_SAMPLES) {
      this.#relapses.remember(event, timestampMs);
      return this.#close(verdict, timestampMs);
    }
    if (timestampMs - event.timestampMs > RELAPSE_WINDOW_MS) {
      return this.#close(verdict, timestampMs); // It stays: that is the new level.
    }
    const held = { expectedLower: expected.lower, expectedUpper: expected.upper };
    return this.#peak({ ...verdict, ...held, score: Math.max(verdict.score, OPEN_SCORE) }, value);
  }

  #peak(verdict: StreamingVerdict, value: number): WatchAnswer {
    const event = this.open!; // Only called while an event is open.
    if (!isFarther(value, event)) return { verdict, change: "none", event };
    this.open = { ...event, peakValue: value, score: Math.max(event.score, verdict.score) };
    return { verdict, change: "peaked", event: this.open };
  }

  #opened(opening: Opening): WatchAnswer {
    const { verdict, reason, score, timestampMs, value, threshold, expected } = opening;
    const { key, service, signal, metric, unit } = this.series;
    this.#pending = undefined;
    this.#calmSamples = 0;
    // A golden signal is read when the server has time: gaps of its readings are not the sender's.
    const hold = signal === "metric" ? holdBy(this.#trust) : undefined;
    this.open = {
      ...{ id: `${key}@${timestampMs}`, service, signal, metric, unit },
      ...{ timestampMs, endMs: null, value, peakValue: value },
      expectedLower: finiteOrNull(expected.lower),
      expectedUpper: finiteOrNull(expected.upper),
      ...{ detector: "Streaming", reason, score, threshold },
      ...(hold === undefined ? {} : { hold }),
    };
    return { verdict: this.#held(verdict), change: "opened", event: this.open };
  }

  #close(verdict: StreamingVerdict, endMs: number): WatchAnswer {
    if (this.open === undefined) return { verdict, change: "none" };
    const event = { ...this.open, endMs };
    this.open = undefined;
    this.#isRelapse = false;
    return { verdict, change: "closed", event };
  }
}

interface Opening {
  readonly verdict: StreamingVerdict;
  /** Of the change, which another sample than this may have shown. */
  readonly reason: string;
  readonly score: number;
  readonly timestampMs: number;
  readonly value: number;
  readonly threshold: number;
  readonly expected: ExpectedBand;
}

/** Farther from what was expected than the peak so far, on the same side. */
function isFarther(value: number, event: AnomalyEvent): boolean {
  const { expectedLower, expectedUpper, peakValue } = event;
  if (expectedUpper !== null && peakValue > expectedUpper) return value > peakValue;
  if (expectedLower !== null && peakValue < expectedLower) return value < peakValue;
  return Math.abs(value - event.value) > Math.abs(peakValue - event.value);
}

function bandOf({ expectedLower, expectedUpper }: StreamingVerdict): ExpectedBand {
  return { lower: expectedLower, upper: expectedUpper };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
