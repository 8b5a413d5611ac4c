import type { FinishedRequest } from "../http/server-observation.ts";

/** What the requests of one service were like. Durations in milliseconds, exact, not from buckets. */
export interface ServiceSummary {
  readonly name: string;
  readonly requests: number;
  /** Answered with 5xx, or left by the caller. */
  readonly errors: number;
  /** 0..1; NaN without requests, as are the durations. */
  readonly errorRatio: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** What a service promises. A part that is absent promises nothing. */
export interface Slo {
  readonly p50Ms?: number;
  readonly p90Ms?: number;
  readonly p99Ms?: number;
  readonly maxMs?: number;
  /** 0..1. */
  readonly errorRatio?: number;
  /** The least number of requests that make the other figures worth anything; 1 when absent. */
  readonly minRequests?: number;
}

const LIMITS = ["p50Ms", "p90Ms", "p99Ms", "maxMs", "errorRatio"] as const;

/** Summarises requests; percentiles by nearest rank. */
export function serviceSummary(name: string, requests: readonly FinishedRequest[]): ServiceSummary {
  const durations = requests.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
  const count = durations.length;
  const quantile = (q: number) => durations[Math.max(0, Math.ceil(q * count) - 1)] ?? Number.NaN;
  const errors = requests.filter(isError).length;
  return {
    name,
    requests: count,
    errors,
    errorRatio: errors / count,
    meanMs: durations.reduce((sum, duration) => sum + duration, 0) / count,
    p50Ms: quantile(0.5),
    p90Ms: quantile(0.9),
    p99Ms: quantile(0.99),
    maxMs: quantile(1),
  };
}

function isError({ isAborted, status }: FinishedRequest): boolean {
  return isAborted || (status !== undefined && status >= 500);
}

/** Where `summary` breaks `slo`, one sentence each; empty when it keeps it. */
export function sloBreaches(summary: ServiceSummary, slo: Slo): string[] {
  const { minRequests = 1 } = slo;
  if (summary.requests < minRequests) {
    return [`${summary.name} had ${summary.requests} requests, fewer than ${minRequests}`];
  }
  return LIMITS.flatMap((part) => {
    const limit = slo[part];
    if (limit === undefined || summary[part] <= limit) return [];
    return [`${summary.name} has ${part} ${summary[part]}, over ${limit}`];
  });
}

/** What Vitest's and Jest's `expect.extend` take. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** `expect.extend(sloMatchers)`, then `expect(service("cart")).toMeetSlo({ p99Ms: 50 })`. */
export const sloMatchers = {
  toMeetSlo(summary: ServiceSummary, slo: Slo): MatcherResult {
    const breaches = sloBreaches(summary, slo);
    const pass = breaches.length === 0;
    const kept = `${summary.name} meets ${JSON.stringify(slo)}`;
    return { pass, message: () => (pass ? kept : breaches.join("; ")) };
  },
};
