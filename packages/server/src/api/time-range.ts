import type { TimeRange } from "@avx/model";
import { timeParameterMs } from "./parameters.ts";

/** Label browsers ask without bounds; everything that is kept is meant. */
export const ALL_TIME: TimeRange = { startMs: -8.64e15, endMs: 8.64e15 };

/** The optional parameters `start` and `end`. */
export function timeRange(parameters: URLSearchParams): TimeRange {
  return {
    startMs: timeParameterMs(parameters, "start", ALL_TIME.startMs),
    endMs: timeParameterMs(parameters, "end", ALL_TIME.endMs),
  };
}
