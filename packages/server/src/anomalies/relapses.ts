import type { AnomalyEvent, AnomalySignal } from "../contract.ts";
import { type ExpectedBand, isRelevant, type SignalValue } from "./relevance.ts";

/** After this an equal change is a new one, or a habit: the detector alone says which. */
export const RELAPSE_WINDOW_MS = 1_800_000;
/** Samples in a row: one may be the tail of a window that holds the change before. */
const CONFIRMING_SAMPLES = 2;
/** The part of the way from the band to the value that opened the event before. */
const REACHED_PART = 0.5;

/** A change that came again. */
export interface Relapse {
  readonly reason: string;
  readonly score: number;
  /** What was expected before the first of them. */
  readonly expected: ExpectedBand;
}

/**
 * Knows changes that come again within half an hour. The detector holds every change against the
 * largest that the series has shown, so it would let the second spell of the same size pass; to the
 * users of a service it is as bad as the first. Golden signals only: what other series mean is not
 * known, and many are spiky by nature.
 */
export interface Relapses {
  /** A change whose values have gone back to where they were. */
  remember(event: AnomalyEvent | undefined, endMs: number): void;
  /** What was expected before the change that is remembered: since then the detector's band is wide. */
  expectedAt(timestampMs: number): ExpectedBand | undefined;
  /** Tells when a sample is the second in a row that is far out again. */
  take(sample: SignalValue, threshold: number): Relapse | undefined;
}

const NONE: Relapses = {
  remember: () => {},
  expectedAt: () => undefined,
  take: () => undefined,
};

/** Remembers nothing yet, and of a series that is no golden signal never anything. */
export function createRelapses(signal: AnomalySignal): Relapses {
  if (signal === "metric") return NONE;
  let last: { readonly event: AnomalyEvent; readonly endMs: number } | undefined;
  let samples = 0;
  return {
    remember(event, endMs) {
      last = event && { event, endMs };
      samples = 0;
    },
    expectedAt(timestampMs) {
      if (last !== undefined && timestampMs - last.endMs > RELAPSE_WINDOW_MS) last = undefined;
      return last && expectedOf(last.event);
    },
    take(sample, threshold) {
      const expected = this.expectedAt(sample.timestampMs);
      if (last === undefined || expected === undefined) return undefined;
      const { event } = last;
      const isOut = reaches(sample.value, event) && isRelevant(signal, sample, expected);
      samples = isOut && event.score >= threshold ? samples + 1 : 0;
      if (samples < CONFIRMING_SAMPLES) return undefined;
      samples = 0;
      return { reason: event.reason, score: event.score, expected };
    },
  };
}

/** The band of an event; without a bound everything on that side was expected. */
export function expectedOf({ expectedLower, expectedUpper }: AnomalyEvent): ExpectedBand {
  return {
    lower: expectedLower ?? Number.NEGATIVE_INFINITY,
    upper: expectedUpper ?? Number.POSITIVE_INFINITY,
  };
}

/** Whether a value is at least half as far out as the one that opened the event, on its side. */
function reaches(value: number, event: AnomalyEvent): boolean {
  const { lower, upper } = expectedOf(event);
  if (event.value > upper) return value >= upper + REACHED_PART * (event.value - upper);
  if (event.value < lower) return value <= lower - REACHED_PART * (lower - event.value);
  return false;
}
