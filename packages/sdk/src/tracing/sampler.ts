import type { SpanContext } from "@opentelemetry/api";
import { probabilityThreshold, traceRandomness } from "./consistent-probability.ts";
import { isSampled } from "./traceparent.ts";

/** What becomes of a span that is about to start. */
export interface SamplingDecision {
  /** It is kept here: exported when sampled, else given to the tail buffer. */
  readonly isRecorded: boolean;
  /** The flag that travels on with the trace. */
  readonly isSampled: boolean;
  /**
   * `th` of tracestate: the rejection threshold under which the trace was sampled. "" takes the
   * parent's away, undefined leaves it.
   */
  readonly threshold?: string;
}

/** Decides whether a trace is recorded, before any span exists. */
export type Sampler = (traceId: string, parent: SpanContext | undefined) => SamplingDecision;

/** Recorded and exported. */
export const SAMPLED: SamplingDecision = { isRecorded: true, isSampled: true };
/** Only its ids travel on. */
export const DROPPED: SamplingDecision = { isRecorded: false, isSampled: false };
/** Kept until its local root has ended, see `TailBuffer`. */
const BUFFERED: SamplingDecision = { isRecorded: true, isSampled: false };
const NOT_CHOSEN: SamplingDecision = { isRecorded: false, isSampled: false, threshold: "" };

/** Records every trace. */
export const alwaysSampler: Sampler = () => SAMPLED;
/** Records none. */
export const neverSampler: Sampler = () => DROPPED;

/**
 * Records this share of all traces. Every service with the same ratio decides alike, and so does
 * another SDK: by the trace's `rv`, else the random bits of its id, against the threshold `th`.
 * https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/
 */
export function ratioSampler(ratio: number): Sampler {
  const threshold = probabilityThreshold(ratio);
  if (threshold === undefined) return neverSampler;
  const chosen: SamplingDecision = { ...SAMPLED, threshold: threshold.text };
  return (traceId, parent) =>
    traceRandomness(traceId, parent?.traceState) >= threshold.value ? chosen : NOT_CHOSEN;
}

/** Follows the parent's decision; `root` decides where a trace starts. */
export function parentBased(root: Sampler): Sampler {
  return (traceId, parent) => {
    if (parent === undefined) return root(traceId, parent);
    return isSampled(parent) ? SAMPLED : DROPPED;
  };
}

/**
 * Records at most `perSecond` traces a second, with bursts of one second's worth. `nowMs` is a
 * monotonic clock.
 */
export function rateLimitedSampler(perSecond: number, nowMs: () => number): Sampler {
  const capacity = Math.max(1, perSecond);
  let tokens = capacity;
  let lastMs = nowMs();
  return () => {
    const now = nowMs();
    tokens = Math.min(capacity, tokens + ((now - lastMs) / 1000) * perSecond);
    lastMs = now;
    if (tokens < 1) return DROPPED;
    tokens--;
    return SAMPLED;
  };
}

/** Records all: what neither the parent nor `ratio` samples waits in the tail buffer. */
export function bufferingSampler(ratio: number): Sampler {
  const root = ratioSampler(ratio);
  return (traceId, parent) => {
    if (parent !== undefined) return isSampled(parent) ? SAMPLED : BUFFERED;
    const decision = root(traceId, parent);
    return decision.isSampled ? decision : BUFFERED;
  };
}
