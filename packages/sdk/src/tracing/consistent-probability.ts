import type { TraceState } from "@opentelemetry/api";
import { W3cTraceState } from "./tracestate.ts";

/** Random bits are the rightmost 56 of a trace id (Trace Context level 2). */
const ID_RANDOM_START = 18;
/** Digits that are compared: 52 bits, exact in a double. */
const DIGITS = 13;
const DIGIT_ZERO = 48;
const LETTER_A = 97;
const RANGE = 16 ** DIGITS;
/** The least ratio that 52 bits can express; a lower one samples nothing. */
const MIN_RATIO = 1 / RANGE;

/** The part of OpenTelemetry in tracestate: `ot=th:8;rv:0123456789abcd`. */
const OT_KEY = "ot";
const RANDOMNESS = /(?:^|;)rv:([0-9a-f]{14})(?:;|$)/;

/** A rejection threshold: traces whose randomness is at least `value` are sampled. */
export interface ProbabilityThreshold {
  readonly value: number;
  /** As it is written behind `th:`, trailing zeros left out. */
  readonly text: string;
}

/** The threshold of a sampling ratio; undefined when it samples nothing. */
export function probabilityThreshold(ratio: number): ProbabilityThreshold | undefined {
  if (!(ratio >= MIN_RATIO)) return undefined;
  const value = Math.round((1 - Math.min(ratio, 1)) * RANGE);
  const text = value.toString(16).padStart(DIGITS, "0").replace(/0+$/, "");
  return { value, text: text === "" ? "0" : text };
}

/** The random number of a trace in 0..2^52: the explicit `rv` of its tracestate wins over its id. */
export function traceRandomness(traceId: string, state: TraceState | undefined): number {
  const explicit = state === undefined ? undefined : RANDOMNESS.exec(state.get(OT_KEY) ?? "")?.[1];
  return explicit === undefined ? hexNumber(traceId, ID_RANDOM_START) : hexNumber(explicit, 0);
}

/** The number that the digits from `start` on are, lower-case hex: without a text of its own. */
function hexNumber(text: string, start: number): number {
  let value = 0;
  for (let i = start; i < start + DIGITS; i++) {
    const code = text.charCodeAt(i);
    value = value * 16 + (code < LETTER_A ? code - DIGIT_ZERO : code - LETTER_A + 10);
  }
  return value;
}

/** States of trace roots by threshold: all traces that start here share one object. */
const rootStates = new Map<string, TraceState>();

/** `state` with its `th` set, or taken away when `threshold` is ""; other parts stay. */
export function withThreshold(
  state: TraceState | undefined,
  threshold: string,
): TraceState | undefined {
  if (state === undefined) return threshold === "" ? undefined : rootState(threshold);
  const others = (state.get(OT_KEY) ?? "")
    .split(";")
    .filter((part) => part !== "" && !part.startsWith("th:"));
  const parts = threshold === "" ? others : [`th:${threshold}`, ...others];
  if (parts.length > 0) return state.set(OT_KEY, parts.join(";"));
  return state.get(OT_KEY) === undefined ? state : state.unset(OT_KEY);
}

function rootState(threshold: string): TraceState {
  let state = rootStates.get(threshold);
  if (state === undefined) {
    state = new W3cTraceState(new Map([[OT_KEY, `th:${threshold}`]]));
    rootStates.set(threshold, state);
  }
  return state;
}
