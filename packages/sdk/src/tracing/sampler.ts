import { AvxError } from "@avx/model";
import type { SpanContext } from "@opentelemetry/api";
import { isSampled } from "./traceparent.ts";

/** Decides whether a trace is recorded, before any span exists. */
export type Sampler = (traceId: string, parent: SpanContext | undefined) => boolean;

/** Digits of a trace id that decide: 52 random bits, exact in a double. */
const RANDOM_DIGITS = 13;
const RANDOM_RANGE = 2 ** 52;

const always: Sampler = () => true;
const never: Sampler = () => false;

/** Records this share of all traces; every service with the same ratio decides alike. */
export function ratioSampler(ratio: number): Sampler {
  if (ratio >= 1) return always;
  if (ratio <= 0) return never;
  const threshold = Math.round((1 - ratio) * RANDOM_RANGE);
  // The rightmost 56 bits are the random ones (Trace Context level 2); their upper 52 are compared.
  return (traceId) => Number.parseInt(traceId.slice(18, 18 + RANDOM_DIGITS), 16) >= threshold;
}

/** Follows the parent's decision; `root` decides where a trace starts. */
export function parentBased(root: Sampler): Sampler {
  return (traceId, parent) => (parent === undefined ? root(traceId, parent) : isSampled(parent));
}

/** The sampler of `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`. */
export function samplerByName(name: string, argument: number): Sampler {
  switch (name) {
    case "always_on":
      return always;
    case "always_off":
      return never;
    case "traceidratio":
      return ratioSampler(argument);
    case "parentbased_always_on":
      return parentBased(always);
    case "parentbased_always_off":
      return parentBased(never);
    case "parentbased_traceidratio":
      return parentBased(ratioSampler(argument));
    default:
      throw new AvxError("invalid_config", {
        option: "OTEL_TRACES_SAMPLER",
        reason: `${name} is not known; use always_on, always_off, traceidratio or parentbased_*`,
      });
  }
}
