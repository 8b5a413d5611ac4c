import type { Matcher, TimeRange } from "@avx/model";
import { badData, timeParameterMs } from "../parameters.ts";
import { selectorParameters } from "../selector-parameters.ts";

/** Each term is compared with every value. */
const MAX_TERMS = 32;
const DEFAULT_LIMIT = 100;
/** Prometheus' default of `--web.search.max-limit`. */
const MAX_LIMIT = 10_000;
const DEFAULT_BATCH = 100;
const DEFAULT_RANGE_MS = 3_600_000;

const ALGORITHMS = ["subsequence", "jarowinkler"] as const;
const ORDERS = ["", "alpha", "score"] as const;
const DIRECTIONS = ["asc", "dsc"] as const;

/** What all searches can be asked. */
export interface SearchParameters {
  readonly selectors: readonly (readonly Matcher[])[];
  readonly range: TimeRange;
  /** A value is found when one of the terms matches it; none: all are found. */
  readonly terms: readonly string[];
  /** The least score of a match that is not literal, 0 to 1. */
  readonly threshold: number;
  readonly algorithm: (typeof ALGORITHMS)[number];
  readonly caseSensitive: boolean;
  readonly order: "ascending" | "descending" | "score";
  readonly showsScore: boolean;
  readonly limit: number;
  readonly batchSize: number;
}

/** Reads and checks the parameters of a search, in Prometheus' words. */
export function searchParameters(parameters: URLSearchParams, nowMs: number): SearchParameters {
  const range = {
    startMs: timeParameterMs(parameters, "start", nowMs - DEFAULT_RANGE_MS),
    endMs: timeParameterMs(parameters, "end", nowMs),
  };
  if (range.endMs < range.startMs) {
    throw badData("end timestamp must not be before start timestamp");
  }
  const selectors = selectorParameters(parameters);
  const terms = parameters.getAll("search[]");
  if (terms.length > MAX_TERMS) {
    throw badData(`too many search[] terms: got ${terms.length}, maximum is ${MAX_TERMS}`);
  }
  const usable = terms.filter((term) => term !== "");
  return {
    ...{ selectors, range, terms: usable },
    threshold: thresholdOf(parameters) / 100,
    algorithm: algorithmOf(parameters),
    caseSensitive: booleanParameter(parameters, "case_sensitive", true),
    showsScore: booleanParameter(parameters, "include_score", false),
    order: orderOf(parameters, terms.length > 0),
    limit: positive(parameters, { name: "limit", fallback: DEFAULT_LIMIT, max: MAX_LIMIT }),
    batchSize: positive(parameters, { name: "batch_size", fallback: DEFAULT_BATCH }),
  };
}

function thresholdOf(parameters: URLSearchParams): number {
  const text = parameters.get("fuzz_threshold") ?? "";
  const threshold = Number(text);
  if (/^\+?\d{0,9}$/.test(text) && threshold <= 100) return threshold;
  throw badData(`invalid fuzz_threshold ${JSON.stringify(text)}: must be 0-100`);
}

function algorithmOf(parameters: URLSearchParams): SearchParameters["algorithm"] {
  const text = parameters.get("fuzz_alg") || ALGORITHMS[0];
  const found = ALGORITHMS.find((algorithm) => algorithm === text);
  if (found) return found;
  const known = ALGORITHMS.join(" ");
  throw badData(`unsupported fuzz_alg ${JSON.stringify(text)}: must be one of [${known}]`);
}

function orderOf(parameters: URLSearchParams, hasTerms: boolean): SearchParameters["order"] {
  const by = parameters.get("sort_by") ?? "";
  const direction = parameters.get("sort_dir") ?? "";
  if (direction !== "" && by === "") throw badData("sort_dir is only valid when sort_by is set");
  if (direction !== "" && by === "score") {
    throw badData("sort_dir is not supported for sort_by=score");
  }
  if (direction !== "" && !DIRECTIONS.some((known) => known === direction)) {
    throw badData(`invalid sort_dir ${JSON.stringify(direction)}: must be "asc" or "dsc"`);
  }
  if (by === "score" && !hasTerms) throw badData("sort_by=score requires search[] to be set");
  if (!ORDERS.some((known) => known === by)) {
    throw badData(`invalid sort_by ${JSON.stringify(by)}: must be "alpha" or "score"`);
  }
  if (by === "score") return "score";
  return direction === "dsc" ? "descending" : "ascending";
}

const TRUE = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const FALSE = new Set(["0", "f", "F", "FALSE", "false", "False"]);

/** A boolean as Go reads one; absent: the fallback. */
export function booleanParameter(
  parameters: URLSearchParams,
  name: string,
  fallback: boolean,
): boolean {
  const text = parameters.get(name) ?? "";
  if (text === "") return fallback;
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  throw badData(`invalid ${name} ${JSON.stringify(text)}: must be boolean`);
}

interface Positive {
  readonly name: string;
  readonly fallback: number;
  readonly max?: number;
}

function positive(parameters: URLSearchParams, { name, fallback, max }: Positive): number {
  const text = parameters.get(name) ?? "";
  if (text === "") return fallback;
  if (!/^\+?\d{1,9}$/.test(text) || Number(text) <= 0) {
    throw badData(`invalid ${name} ${JSON.stringify(text)}: must be a positive integer`);
  }
  if (max !== undefined && Number(text) > max) {
    throw badData(`${name} ${text} exceeds the configured maximum (${max})`);
  }
  return Number(text);
}
