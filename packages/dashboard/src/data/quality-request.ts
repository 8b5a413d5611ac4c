import type { QualityAnswer } from "@avx/server/contract";
import { useApp } from "../app-context.ts";
import type { ApiRequest } from "./api-client.ts";
import {
  boolean,
  type Check,
  list,
  nullable,
  number,
  object,
  oneOf,
  text,
  word,
} from "./checked-json.ts";
import { type Answer, useAnswer } from "./use-answer.ts";

const signal = word("latency", "traffic", "errors", "saturation", "metric");
const bounds = object({ lower: number, upper: number });
const chart = object({
  center: number,
  sigma: number,
  threeSigma: bounds,
  sixSigma: bounds,
  timestampsMs: list(number),
  values: list(nullable(number)),
  violations: list(
    object({
      rule: oneOf(1, 2, 3, 4),
      side: word("above", "below"),
      timestampMs: number,
      value: number,
    }),
  ),
  beyondSixSigma: number,
});
/** One reason for a quality below the standard. */
export const qualityProblem = object({
  dimension: word("accuracy", "completeness", "consistency", "validity", "timeliness"),
  amount: number,
});
const signalFields = {
  signal,
  metric: text,
  accuracy: number,
  completeness: number,
  consistency: number,
  validity: number,
  overall: number,
  meetsStandard: boolean,
  timelinessMs: number,
  problems: list(qualityProblem),
};
const quality: Check<QualityAnswer> = object({
  spanMs: number,
  heldPages: number,
  signals: list(object({ ...signalFields, chart: nullable(chart) })),
});

function qualityRequest(service: string): ApiRequest<QualityAnswer> {
  return { path: "/api/avx/quality", parameters: { service }, check: quality };
}

/** Quality is of a quarter of an hour: it hardly moves in less. */
const ASK_EVERY_MS = 15_000;

/** The data quality of a service now. */
export function useQuality(service: string): Answer<QualityAnswer> {
  const { nowMs, refreshes } = useApp();
  const turns = { always: Math.floor(nowMs / ASK_EVERY_MS) + refreshes, afterFailure: nowMs };
  return useAnswer(`quality ${service}`, qualityRequest(service), turns);
}
