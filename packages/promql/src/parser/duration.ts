import { quoteString } from "./go-quote.ts";

interface Unit {
  readonly name: string;
  readonly ms: number;
  /** Printed only when nothing is left over: 90d reads better than 12w6d. */
  readonly onlyExact: boolean;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** From the biggest to the smallest, the order in which they must be written. */
const UNITS: readonly Unit[] = [
  { name: "y", ms: 365 * DAY_MS, onlyExact: true },
  { name: "w", ms: 7 * DAY_MS, onlyExact: true },
  { name: "d", ms: DAY_MS, onlyExact: false },
  { name: "h", ms: HOUR_MS, onlyExact: false },
  { name: "m", ms: MINUTE_MS, onlyExact: false },
  { name: "s", ms: SECOND_MS, onlyExact: false },
  { name: "ms", ms: 1, onlyExact: false },
];

/** Prometheus counts durations in nanoseconds of a signed 64-bit integer: about 292 years. */
const MAX_DURATION_NS = 2n ** 63n - 1n;
const NS_PER_MS = 1_000_000n;

/** The longest duration in seconds, either sign. */
export const MAX_DURATION_SECONDS = 2 ** 63 / 1e9;

/** A duration in milliseconds, or the reason why the text is none. */
export type ParsedDuration =
  | { readonly ok: true; readonly ms: number }
  | { readonly ok: false; readonly reason: string };

/** Reads `1d12h30m`; each unit at most once, from the biggest to the smallest. */
export function parseDuration(text: string): ParsedDuration {
  const invalid: ParsedDuration = {
    ok: false,
    reason: `not a valid duration string: ${quoteString(text)}`,
  };
  let totalMs = 0n;
  let lastUnit = -1;
  if (!/^(?:[0-9]+[a-z]+)+$/.test(text)) return invalid;
  for (const [, digits = "", name = ""] of text.matchAll(/([0-9]+)([a-z]+)/g)) {
    const count = BigInt(digits);
    if (count >= 2n ** 64n) return invalid;
    const index = UNITS.findIndex((unit) => unit.name === name);
    const unit = UNITS[index];
    if (unit === undefined) {
      const reason = `unknown unit ${quoteString(name)} in duration ${quoteString(text)}`;
      return { ok: false, reason };
    }
    if (index <= lastUnit) return invalid;
    lastUnit = index;
    totalMs += count * BigInt(unit.ms);
    if (totalMs * NS_PER_MS > MAX_DURATION_NS) {
      return { ok: false, reason: "duration out of range" };
    }
  }
  return { ok: true, ms: Number(totalMs) };
}

/** A duration as Prometheus prints it, `1h30m`; "0s" for less than a millisecond. */
export function formatDuration(ms: number): string {
  let rest = Math.trunc(Math.abs(ms));
  if (rest === 0) return "0s";
  let text = ms < 0 ? "-" : "";
  for (const unit of UNITS) {
    if (unit.onlyExact && rest % unit.ms !== 0) continue;
    const count = Math.floor(rest / unit.ms);
    if (count > 0) text += `${count}${unit.name}`;
    rest -= count * unit.ms;
  }
  return text;
}
