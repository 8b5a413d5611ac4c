import type { CapacityAnswer, CapacityOutlook } from "@avx/server/contract";
import { useApp } from "../app-context.ts";
import type { ApiRequest } from "./api-client.ts";
import { type Check, list, nullable, number, object, text, word } from "./checked-json.ts";
import { type Answer, useAnswer } from "./use-answer.ts";

const backtest = object({
  origins: number,
  meanAbsoluteError: number,
  naiveError: number,
  skill: number,
  meanAbsolutePercentageError: nullable(number),
  worstPercentageError: nullable(number),
  weightedPercentageError: nullable(number),
  coverage: nullable(number),
});
const basis = { model: text, level: number, untilMs: number, backtest: nullable(backtest) };
const runsOut = object({
  kind: word("runs-out"),
  atMs: nullable(number),
  earliestMs: number,
  latestMs: nullable(number),
  ...basis,
});
const holds = object({ kind: word("holds"), ...basis });
const short = object({
  kind: word("insufficient-history"),
  haveSamples: number,
  neededSamples: number,
  stepMs: number,
});
const refused = object({
  kind: word("refused"),
  reason: word("infinite-values", "too-many-gaps", "no-better-than-naive"),
});
const kinds = object({
  kind: word("reached", "runs-out", "holds", "insufficient-history", "refused", "no-limit"),
});

const outlook: Check<CapacityOutlook> = (value, path) => {
  const { kind } = kinds(value, path);
  switch (kind) {
    case "runs-out":
      return runsOut(value, path);
    case "holds":
      return holds(value, path);
    case "insufficient-history":
      return short(value, path);
    case "refused":
      return refused(value, path);
    case "reached":
    case "no-limit":
      return { kind };
  }
};

const capacity: Check<CapacityAnswer> = object({
  madeMs: number,
  rows: list(
    object({
      resource: word("event-loop", "cpu", "memory", "heap", "connections", "disk", "active-series"),
      service: text,
      unit: word("ratio", "cores", "By", "1"),
      current: nullable(number),
      limit: nullable(number),
      limitMetric: nullable(text),
      outlook,
    }),
  ),
});

const REQUEST: ApiRequest<CapacityAnswer> = {
  path: "/api/avx/capacity",
  parameters: {},
  check: capacity,
};
/** The server makes the forecasts anew once a minute. */
const ASK_EVERY_MS = 60_000;

/** When resources run out, the most pressing first. */
export function useCapacity(): Answer<CapacityAnswer> {
  const { nowMs, refreshes } = useApp();
  const turns = { always: Math.floor(nowMs / ASK_EVERY_MS) + refreshes, afterFailure: nowMs };
  return useAnswer("capacity", REQUEST, turns);
}
