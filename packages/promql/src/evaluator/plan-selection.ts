import type { AtModifier, VectorSelector } from "../parser/ast.ts";
import { durationMs } from "./duration.ts";
import type { Selection } from "./plan.ts";

/** What reaches a node from the ones around it. */
export interface Reach {
  /** The evaluation times: those of the query, or of the subquery around the node. */
  readonly startMs: number;
  readonly endMs: number;
  /** A function around the node asks for nothing but count and sum of histograms. */
  readonly inStatistics?: boolean;
  /** Something around the node needs the buckets of histograms. */
  readonly needsBuckets?: boolean;
}

/** The time range of the query and what its durations and selectors depend on. */
export interface TimeContext {
  readonly startMs: number;
  readonly endMs: number;
  /** 0 for an instant query. */
  readonly stepMs: number;
  readonly lookbackMs: number;
}

/** What `step()` and `range()` stand for in the durations of a query. */
export function durationContext({ startMs, endMs, stepMs }: TimeContext) {
  return { stepMs, rangeMs: endMs - startMs };
}

/** The time that `@` names; undefined without `@`. */
export function atTime(at: AtModifier | undefined, context: TimeContext): number | undefined {
  if (at === undefined) return undefined;
  if (at.kind === "timestamp") return at.timestampMs;
  return at.kind === "start" ? context.startMs : context.endMs;
}

/** Where a selector stands: its window (0 for an instant vector) and the times it is asked for. */
export interface SelectorPlace {
  readonly windowMs: number;
  readonly reach: Reach;
}

/** What a selector fetches, with its offset and `@` resolved. */
export function planSelection(
  selector: VectorSelector,
  { windowMs, reach }: SelectorPlace,
  context: TimeContext,
): Selection {
  const offsetMs = durationMs(selector.offset, durationContext(context), true);
  const atMs = atTime(selector.at, context);
  const extension = selector.anchored ? "anchored" : selector.smoothed ? "smoothed" : "none";
  const { lookbackMs } = context;
  const extended = extension !== "none";
  const before = windowMs === 0 ? lookbackMs : windowMs + (extended ? lookbackMs : 0);
  return {
    matchers: selector.matchers,
    offsetMs,
    ...(atMs === undefined ? {} : { atMs }),
    extension,
    statisticsOnly: reach.inStatistics === true && reach.needsBuckets !== true,
    fetchRange: {
      // Windows and the lookback are open on the left.
      startMs: (atMs ?? reach.startMs) - offsetMs - before + 1,
      endMs: (atMs ?? reach.endMs) - offsetMs + (extension === "smoothed" ? lookbackMs : 0),
    },
    series: [],
  };
}
