import type { AnomalySignal } from "../contract.ts";

/** The band in which a value was expected before it changed. */
export interface ExpectedBand {
  readonly lower: number;
  readonly upper: number;
}

/** A change of latency that a person could feel. */
const LEAST_SECONDS = 0.01;
const LEAST_LATENCY_RATIO = 1.25;
/** Requests come by chance; smaller swings of the rate are the life of every service. */
const LEAST_TRAFFIC_SHARE = 0.3;
const LEAST_REQUESTS_PER_SECOND = 1;
/** One request in a hundred more fails than before. */
const LEAST_ERROR_RATIO = 0.01;
/** An event loop that is idle half of the time delays nobody. */
const LEAST_BUSY_RATIO = 0.5;

/**
 * Whether a change of a golden signal matters to the users of a service: it must leave the expected
 * band, in a direction that harms, by a size that is felt. Other series are judged by the band alone.
 */
export function isRelevant(signal: AnomalySignal, value: number, band: ExpectedBand): boolean {
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
      return value - middle >= LEAST_ERROR_RATIO;
    case "saturation":
      return value > middle && value >= LEAST_BUSY_RATIO;
    case "metric":
      return true;
  }
}

/** Whether a value is where it was expected. */
export function isInside(value: number, { lower, upper }: ExpectedBand): boolean {
  return value >= lower && value <= upper;
}
