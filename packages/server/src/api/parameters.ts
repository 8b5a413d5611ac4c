import { AvxError } from "@avx/model";
import type { FastifyRequest } from "fastify";
import { parseDurationMs } from "../duration.ts";

/** Prometheus counts time in int64 nanoseconds at its edges; beyond ±292 years it refuses. */
const MAX_TIMESTAMP_MS = 9_223_372_036_854;

/** The first and last times that Prometheus knows, as its own clients write "always". */
const BOUNDARY_TIMES: ReadonlyMap<string, number> = new Map([
  ["-292273086-05-16T16:47:06Z", -8.64e15],
  ["292277025-08-18T07:12:54.999999999Z", 8.64e15],
]);

/** Query string and, for a form post, the body: both count, as in Prometheus. */
export function requestParameters(request: FastifyRequest): URLSearchParams {
  const mark = request.url.indexOf("?");
  const parameters = new URLSearchParams(mark < 0 ? "" : request.url.slice(mark + 1));
  if (request.body instanceof URLSearchParams) {
    for (const [name, value] of request.body) parameters.append(name, value);
  }
  return parameters;
}

/** A Unix time in seconds (may have a fraction) or RFC 3339, in ms. Absent: the fallback. */
export function timeParameterMs(
  parameters: URLSearchParams,
  name: string,
  fallbackMs?: number,
): number {
  const text = parameters.get(name);
  if (text === null || text === "") {
    if (fallbackMs !== undefined) return fallbackMs;
    throw invalid(name, `cannot parse "" to a valid timestamp`);
  }
  const boundaryMs = BOUNDARY_TIMES.get(text);
  if (boundaryMs !== undefined) return boundaryMs;
  const timeMs =
    /^[+-]?(\d|\.\d)/.test(text) && !text.includes("T") ? secondsToMs(text) : rfc3339ToMs(text);
  if (timeMs === undefined || Math.abs(timeMs) > MAX_TIMESTAMP_MS) {
    throw invalid(name, `cannot parse "${text}" to a valid timestamp`);
  }
  return timeMs;
}

function secondsToMs(text: string): number | undefined {
  const seconds = Number(text);
  return Number.isFinite(seconds) ? Math.round(seconds * 1000) : undefined;
}

function rfc3339ToMs(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const timeMs = Date.parse(text);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

/** Seconds or a duration such as `5m`, in ms. Absent: the fallback. */
export function durationParameterMs(
  parameters: URLSearchParams,
  name: string,
  fallbackMs?: number,
): number {
  const text = parameters.get(name);
  if (text === null || text === "") {
    if (fallbackMs !== undefined) return fallbackMs;
    throw invalid(name, `cannot parse "" to a valid duration`);
  }
  const seconds = Number(text);
  const ms = Number.isNaN(seconds) ? parseDurationMs(text) : Math.round(seconds * 1000);
  if (ms === undefined || !Number.isFinite(ms) || Math.abs(ms) > MAX_TIMESTAMP_MS) {
    throw invalid(name, `cannot parse "${text}" to a valid duration`);
  }
  return ms;
}

/** A whole number >= 0; 0 and absent mean "no limit" (Infinity). */
export function limitParameter(parameters: URLSearchParams, name: string): number {
  const text = parameters.get(name);
  if (text === null || text === "") return Number.POSITIVE_INFINITY;
  if (!/^\+?\d{1,15}$/.test(text)) throw invalid(name, "limit must be a non-negative number");
  return Number(text) === 0 ? Number.POSITIVE_INFINITY : Number(text);
}

/** A whole number between `min` and `max`; absent: the fallback. */
export function integerParameter(
  parameters: URLSearchParams,
  name: string,
  bounds: { readonly min: number; readonly max: number; readonly fallback: number },
): number {
  const text = parameters.get(name);
  if (text === null || text === "") return bounds.fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < bounds.min || value > bounds.max) {
    throw invalid(name, `"${text}" is not a whole number from ${bounds.min} to ${bounds.max}`);
  }
  return value;
}

/** The error of a request that is bad as a whole, in Prometheus' words. */
export function badData(reason: string): AvxError {
  return new AvxError("bad_query", { reason });
}

/** The error of a bad parameter, in Prometheus' words. */
export function invalid(name: string, reason: string): AvxError {
  return badData(`invalid parameter "${name}": ${reason}`);
}
