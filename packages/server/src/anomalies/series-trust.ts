import type { HeldAnomaly } from "../contract.ts";

/**
 * Below this share of samples that came and are numbers, a finding is kept but not paged: of five
 * samples one is missing or none, so a change may be one of the sender and not of the service.
 * Accuracy and consistency do not count here, as a true anomaly lowers them.
 */
export const LEAST_TRUST = 0.8;
/** Samples after which one counts half. */
const HALF_LIFE_SAMPLES = 60;
const FADE = 0.5 ** (1 / HALF_LIFE_SAMPLES);
/** A longer gap is a pause or an outage, which is a finding of its own, and not bad quality. */
const MOST_MISSED_AT_ONCE = 10;
/**
 * How the usual distance of samples follows those that come: three small steps up weigh as one down,
 * so it settles at their lower quartile, and stays there while up to half of the samples are lost.
 */
const DISTANCE_UP = 1.02;
const DISTANCE_DOWN = 1.02 ** -3;
/** Before so many samples little can be said of any quality. */
const LEAST_SAMPLES = 20;

/** Why a finding is held. */
export type Hold = HeldAnomaly["hold"];

/** The quality of the samples of one series, as counts that fade; plain JSON. */
export interface TrustState {
  received: number;
  missed: number;
  invalid: number;
  /** Usual distance of samples in ms; 0 before the second. */
  distanceMs: number;
}

/** Nothing is known yet, so nothing is wrong. */
export function freshTrust(): TrustState {
  return { received: 0, missed: 0, invalid: 0, distanceMs: 0 };
}

/** Takes a sample in, at O(1); `elapsedMs` since the one before, 0 for the first. */
export function observeArrival(trust: TrustState, elapsedMs: number, isNumber: boolean): void {
  trust.received = trust.received * FADE + 1;
  trust.missed *= FADE;
  trust.invalid = trust.invalid * FADE + (isNumber ? 0 : 1);
  if (!(elapsedMs > 0)) return;
  if (trust.distanceMs === 0) trust.distanceMs = elapsedMs;
  const missed = Math.round(elapsedMs / trust.distanceMs) - 1;
  trust.missed += Math.min(MOST_MISSED_AT_ONCE, Math.max(0, missed));
  if (elapsedMs > trust.distanceMs) trust.distanceMs *= DISTANCE_UP;
  if (elapsedMs < trust.distanceMs) trust.distanceMs *= DISTANCE_DOWN;
}

/** Why a finding must be held; undefined while the samples can be trusted. */
export function holdBy(trust: TrustState): Hold | undefined {
  const { received, missed, invalid } = trust;
  if (received < LEAST_SAMPLES) return undefined;
  const missing = missed / (received + missed);
  const notNumbers = invalid / received;
  const quality = 1 - Math.max(missing, notNumbers);
  if (quality >= LEAST_TRUST) return undefined;
  const problems = [
    { dimension: "completeness", amount: missing } as const,
    { dimension: "validity", amount: notNumbers } as const,
  ];
  return {
    ...{ reason: "quality", quality },
    problems: problems
      .filter(({ amount }) => amount > 1 - LEAST_TRUST)
      .sort((a, b) => b.amount - a.amount),
  };
}
