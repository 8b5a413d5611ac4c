import { AvxError } from "@avx/model";
import type { Environment } from "./environment.ts";

/** A whole number >= 0 from the first of these variables that is set, else `fallback`. */
export function wholeNumber(
  environment: Environment,
  names: readonly string[],
  fallback: number,
): number {
  for (const option of names) {
    const text = environment[option]?.trim();
    if (text === undefined || text === "") continue;
    if (!/^\d{1,9}$/.test(text)) {
      throw new AvxError("invalid_config", { option, reason: `${text} is not a whole number` });
    }
    return Number(text);
  }
  return fallback;
}

/** As `wholeNumber`, of milliseconds of which 0 means that there is no limit: Infinity. */
export function timeLimitMs(
  environment: Environment,
  names: readonly string[],
  fallback: number,
): number {
  const value = wholeNumber(environment, names, fallback);
  return value === 0 ? Number.POSITIVE_INFINITY : value;
}

/** `true` in any case, as OpenTelemetry reads booleans; anything else is false. */
export function isTrue(environment: Environment, name: string): boolean {
  return environment[name]?.trim().toLowerCase() === "true";
}

/**
 * `key=value,key=value` with percent-encoded values (`OTEL_RESOURCE_ATTRIBUTES`, headers). The
 * specification wants the whole variable ignored when it is malformed; that would hide a typing
 * error, so it is an error here.
 */
export function keyValueList(environment: Environment, option: string): [string, string][] {
  const text = environment[option]?.trim();
  if (text === undefined || text === "") return [];
  return text
    .split(",")
    .filter((part) => part.trim() !== "")
    .map((part) => {
      const equals = part.indexOf("=");
      if (equals < 1) {
        const reason = `${JSON.stringify(part)} is not key=value`;
        throw new AvxError("invalid_config", { option, reason });
      }
      return [
        decoded(part.slice(0, equals).trim(), option),
        decoded(part.slice(equals + 1).trim(), option),
      ];
    });
}

function decoded(text: string, option: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AvxError("invalid_config", { option, reason: `${text} is not percent-encoded` });
  }
}

/**
 * The meaning of the first of these variables that is set, in any case; the first meaning when none
 * is. A word without meaning is an `invalid_config`.
 */
export function oneOf<T>(
  environment: Environment,
  names: readonly string[],
  meanings: Readonly<Record<string, T>>,
): T {
  const words = new Map(Object.entries(meanings));
  for (const option of names) {
    const text = environment[option]?.trim().toLowerCase();
    if (text === undefined || text === "") continue;
    const meaning = words.get(text);
    if (meaning !== undefined) return meaning;
    const reason = `${text} is not ${[...words.keys()].join(" or ")}`;
    throw new AvxError("invalid_config", { option, reason });
  }
  const [fallback] = words.values();
  if (fallback === undefined) throw new RangeError("no meanings were given");
  return fallback;
}
