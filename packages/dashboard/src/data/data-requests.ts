import type { DataAnswer, StorageAnswer } from "@avx/server/contract";
import { useApp } from "../app-context.ts";
import { boolean, type Check, list, nullable, number, object, text, word } from "./checked-json.ts";
import { type Answer, type Turns, useAnswer } from "./use-answer.ts";

const share = { name: text, series: number, samples: number, bytesPerDay: number };
const data: Check<DataAnswer> = object({
  nowMs: number,
  windowMs: number,
  series: number,
  seriesLimit: number,
  serviceSeriesLimit: number,
  metrics: list(object(share)),
  services: list(object({ ...share, refused: number, duplicates: number, late: number })),
  labels: list(object({ name: text, values: number, series: number })),
  quality: list(
    object({
      service: text,
      series: number,
      accuracy: number,
      completeness: number,
      consistency: number,
      validity: number,
      overall: number,
      meetsStandard: boolean,
    }),
  ),
  findings: list(
    object({
      kind: word(
        "gap",
        "reset",
        "duplicate",
        "late",
        "clock_ahead",
        "clock_behind",
        "type_change",
        "unit_change",
        "not_finite",
        "dead_series",
        "refused_series",
      ),
      service: text,
      metric: text,
      series: number,
      amount: number,
      example: text,
    }),
  ),
});
const storage: Check<StorageAnswer> = object({
  nowMs: number,
  signals: list(
    object({
      signal: word("metrics", "rollups", "traces", "logs", "documents", "events"),
      bytes: number,
      logBytes: number,
      days: number,
      oldestMs: nullable(number),
      retentionMs: nullable(number),
      bytesPerDay: nullable(number),
      bytesAtFullRetention: nullable(number),
    }),
  ),
});

/** The server makes its answer anew so often. */
const ASK_EVERY_MS = 30_000;

/** What is sent, by whom, and how good it is. */
export function useData(): Answer<DataAnswer> {
  return useAnswer("data", { path: "/api/avx/data", parameters: {}, check: data }, useTurns());
}

/** What each signal takes of the disk, now and at its full retention. */
export function useStorage(): Answer<StorageAnswer> {
  const request = { path: "/api/avx/storage", parameters: {}, check: storage };
  return useAnswer("storage", request, useTurns());
}

function useTurns(): Turns {
  const { nowMs, refreshes } = useApp();
  return { always: Math.floor(nowMs / ASK_EVERY_MS) + refreshes, afterFailure: nowMs };
}
