import { AvxError } from "@avx/model";
import type { Environment } from "../environment.ts";
import { keyValueList } from "../environment-values.ts";
import {
  alwaysSampler,
  bufferingSampler,
  neverSampler,
  parentBased,
  rateLimitedSampler,
  ratioSampler,
  type Sampler,
} from "./sampler.ts";

/** The sampler that the environment asks for. */
export interface SamplerChoice {
  readonly sampler: Sampler;
  /** Set when unsampled spans wait for their local root, see `TailBuffer`. */
  readonly slowMs?: number;
}

const NAME = "OTEL_TRACES_SAMPLER";
const ARGUMENT = "OTEL_TRACES_SAMPLER_ARG";
const PARENT_BASED = "parentbased_";
/** Traces a second when the argument is absent, as Jaeger's collectors have it for a busy service. */
const DEFAULT_TRACES_PER_SECOND = 100;
const DEFAULT_SLOW_MS = 500;

/** Reads `OTEL_TRACES_SAMPLER` and its argument. What cannot be read is an `invalid_config`. */
export function samplerChoice(environment: Environment, nowMs: () => number): SamplerChoice {
  const name = environment[NAME]?.trim() || "parentbased_always_on";
  if (name === "errors_and_slow") return errorsAndSlow(environment);
  const isParentBased = name.startsWith(PARENT_BASED);
  const root = rootSampler(isParentBased ? name.slice(PARENT_BASED.length) : name);
  return { sampler: isParentBased ? parentBased(root) : root };

  function rootSampler(rootName: string): Sampler {
    const text = environment[ARGUMENT]?.trim() || undefined;
    if (rootName === "always_on") return alwaysSampler;
    if (rootName === "always_off") return neverSampler;
    if (rootName === "traceidratio") return ratioSampler(numberIn(text, 1, 1));
    if (rootName === "rate_limited") {
      return rateLimitedSampler(numberIn(text, DEFAULT_TRACES_PER_SECOND, Infinity), nowMs);
    }
    const known = "always_on, always_off, traceidratio, rate_limited, parentbased_*";
    const reason = `${name} is not known; use ${known} or errors_and_slow`;
    throw new AvxError("invalid_config", { option: NAME, reason });
  }
}

function errorsAndSlow(environment: Environment): SamplerChoice {
  const parts = new Map(keyValueList(environment, ARGUMENT));
  for (const key of parts.keys()) {
    if (key === "slow_ms" || key === "ratio") continue;
    const reason = `${key} is not known; use slow_ms=500,ratio=0.01`;
    throw new AvxError("invalid_config", { option: ARGUMENT, reason });
  }
  return {
    sampler: bufferingSampler(numberIn(parts.get("ratio"), 0, 1)),
    slowMs: numberIn(parts.get("slow_ms"), DEFAULT_SLOW_MS, Infinity),
  };
}

function numberIn(text: string | undefined, fallback: number, max: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0 && value <= max) return value;
  const range = max === 1 ? "a ratio in 0..1" : "a number >= 0";
  throw new AvxError("invalid_config", { option: ARGUMENT, reason: `${text} is not ${range}` });
}
