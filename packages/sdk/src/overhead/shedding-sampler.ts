import { probabilityThreshold, traceRandomness } from "../tracing/consistent-probability.ts";
import { DROPPED, type Sampler, type SamplingDecision } from "../tracing/sampler.ts";
import { SAMPLING_STEPS } from "./own-cost.ts";

/**
 * `inner`, of whose traces only the share 1/2^level is recorded. The same random bits decide as
 * elsewhere, so that services under load drop the same traces; a trace that starts here carries the
 * threshold that was really used.
 */
export function sheddingSampler(inner: Sampler, level: () => number): Sampler {
  const steps = Array.from({ length: SAMPLING_STEPS + 1 }, (_, i) => probabilityThreshold(2 ** -i));
  return (traceId, parent) => {
    const decision = inner(traceId, parent);
    const now = level();
    if (now === 0 || !decision.isRecorded) return decision;
    const threshold = steps[Math.min(now, SAMPLING_STEPS)];
    if (threshold === undefined) return decision;
    if (traceRandomness(traceId, parent?.traceState) < threshold.value) return DROPPED;
    return parent === undefined ? withAtLeast(decision, threshold.text) : decision;
  };
}

/** Thresholds are digits of a fraction: text order is their order. */
function withAtLeast(decision: SamplingDecision, threshold: string): SamplingDecision {
  const own = decision.threshold ?? "0";
  return { ...decision, threshold: own > threshold ? own : threshold };
}
