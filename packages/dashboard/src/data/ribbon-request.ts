import type { AnomalyRibbonsAnswer } from "@avx/server/contract";
import { useApp } from "../app-context.ts";
import { type ApiRequest, timeParameter } from "./api-client.ts";
import { type Check, list, nullable, number, object, text } from "./checked-json.ts";
import { type Answer, useAnswer } from "./use-answer.ts";

const ribbons: Check<AnomalyRibbonsAnswer> = object({
  startMs: number,
  cellMs: number,
  cells: number,
  ribbons: list(object({ service: text, scores: list(nullable(number)), events: list(number) })),
});

const CELL_MS = 60_000;
const CELLS = 60;

/** The ribbons of the hour that ends at `endMs`, in whole minutes. */
export function ribbonsRequest(endMs: number): ApiRequest<AnomalyRibbonsAnswer> {
  const lastMs = Math.ceil(endMs / CELL_MS) * CELL_MS;
  return {
    path: "/api/avx/anomalies/ribbon",
    parameters: {
      start: timeParameter(lastMs - CELLS * CELL_MS),
      end: timeParameter(lastMs),
      cells: CELLS,
    },
    check: ribbons,
  };
}

/** How often the minute that is not over is asked again. */
const ASK_EVERY_MS = 15_000;

/** The ribbons of all services in the hour up to the end of the range. */
export function useRibbons(): Answer<AnomalyRibbonsAnswer> {
  const { range, nowMs, refreshes } = useApp();
  const turns = { always: Math.floor(nowMs / ASK_EVERY_MS) + refreshes, afterFailure: nowMs };
  // The hour moves on with a live range; a fixed one has its own.
  const isLive = Math.abs(range.endMs - nowMs) < CELL_MS;
  return useAnswer(`ribbons ${isLive ? "live" : range.endMs}`, ribbonsRequest(range.endMs), turns);
}
