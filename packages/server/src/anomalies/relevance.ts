import type { AnomalySignal } from "../contract.ts";

/** The band in which a value was expected before it changed. */
export interface ExpectedBand {
  readonly lower: number;
  readonly upper: number;
}

/** A sample of a signal. */
export interface SignalValue {
  readonly timestampMs: number;
  readonly value: number;
  /** Requests behind it: few make a ratio or a rate a matter of chance. Undefined: not known. */
  readonly requests?: number;
}

/** Standard deviations of a Poisson count from which a difference is more than chance. */
const CHANCE_DEVIATIONS = 4;

/** A change of latency that a person could feel. */
const LEAST_SECONDS = 0.01;
const LEAST_LATENCY_RATIO = 1.25;
/** Requests come by chance; smaller swings of the rate are the life of every service. */
const LEAST_TRAFFIC_SHARE = 0.3;
const LEAST_REQUESTS_PER_SECOND = 1;
/** Two requests in a hundred more fail than before. */
const LEAST_ERROR_RATIO = 0.02;
/** An event loop that is idle half of the time delays nobody. */
const LEAST_BUSY_RATIO = 0.5;

/**
 * Whether a change of a golden signal matters to the users of a service: it must leave the expected
 * band, in a direction that harms, by a size that is felt. Other series are judged by the band alone.
 */
export function isRelevant(
  signal: AnomalySignal,
  sample: SignalValue,
  band: ExpectedBand,
): boolean {
  const { value, requests = Number.POSITIVE_INFINITY } = sample;
  if (isInside(value, band)) return false;
  const middle = (band.lower + band.upper) / 2;
  switch (signal) {
    case "latency":
      return value - middle >= LEAST_SECONDS && value >= LEAST_LATENCY_RATIO * middle;
    case "traffic": {
      const change = Math.abs(value - middle);
      return change >= LEAST_REQUESTS_PER_SECOND && change >= LEAST_TRAFFIC_SHARE * middle;
    }
    case "errors":
      return (
        value - middle >= LEAST_ERROR_RATIO &&
        (value - middle) * requests >= chance(middle * requests)
      );
    case "saturation":
      return value > middle && value >= LEAST_BUSY_RATIO;
    case "metric":
      return true;
  }
}

/** How far a count of rare events strays from what is expected by chance alone. */
function chance(expectedCount: number): number {
  if (!Number.isFinite(expectedCount)) return 0;
  return CHANCE_DEVIATIONS * Math.sqrt(Math.max(1, expectedCount));
}

/** Whether a value is where it was expected. */
export function isInside(value: number, { lower, upper }: ExpectedBand): boolean {
  return value >= lower && value <= upper;
}
