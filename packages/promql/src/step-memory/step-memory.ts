import type { LabelledSeries, TimeRange } from "@avx/model";
import { parseExpr } from "../parser/parse.ts";
import { ALL_EXPERIMENTAL } from "../parser/parse-options.ts";
import type { QueryEngine, QueryResult, RangeQuery } from "../query-engine.ts";
import type { SampleChanges } from "../series-reader.ts";
import { cutRemarks, joinRemarks, remarkTexts } from "./join-remarks.ts";
import { cutSteps, joinSteps } from "./join-steps.ts";
import { hasUnclearRemarks, type Remembered, RememberedSteps } from "./remembered-steps.ts";
import { isStepwise } from "./stepwise.ts";

/** What the memory of an engine needs. */
export interface StepMemoryOptions {
  /** Says which samples have changed since a mark. */
  readonly changesSince: (mark: number) => SampleChanges | Promise<SampleChanges>;
  /** Bytes that remembered steps may take. */
  readonly maxBytes?: number;
}

/**
 * An engine that remembers the steps of its range queries. A page asks for the same range again a
 * little later: then only the steps that are new, or that samples have changed since, are evaluated.
 * Results are those of `engine`, which must remove names late (`enableDelayedNameRemoval`): only
 * then is a duplicate series an error of a step and not of the range.
 */
export function withStepMemory(engine: QueryEngine, options: StepMemoryOptions): QueryEngine {
  const memory = new RememberedSteps(options.maxBytes);
  return {
    instant: (query) => engine.instant(query),
    range: (query) => {
      const isMeant = query.fresh !== true && isOnGrid(query) && mayRemember(query);
      return isMeant ? remembering(query, { engine, options, memory }) : engine.range(query);
    },
  };
}

/** Two steps at least: a single one is evaluated by the rules of an instant query. */
function isOnGrid({ startMs, endMs, stepMs }: RangeQuery): boolean {
  const times = [startMs, endMs, stepMs];
  return times.every(Number.isSafeInteger) && stepMs > 0 && endMs >= startMs + stepMs;
}

/** What the engine refuses is never remembered; what cannot be parsed is left to its own words. */
function mayRemember({ query }: RangeQuery): boolean {
  try {
    return isStepwise(parseExpr(query, ALL_EXPERIMENTAL));
  } catch {
    return false;
  }
}

interface Parts {
  readonly engine: QueryEngine;
  readonly options: StepMemoryOptions;
  readonly memory: RememberedSteps;
}

async function remembering(query: RangeQuery, parts: Parts): Promise<QueryResult> {
  const { engine, options, memory } = parts;
  const key = keyOf(query);
  const asked = { startMs: query.startMs, endMs: lastStepBefore(query.endMs + 1, query) };
  const remembered = memory.find(key);
  const { mark, earliestMs } = await options.changesSince(remembered?.mark ?? 0);
  const evaluate = (range: TimeRange) => engine.range({ ...query, ...range });
  let result: QueryResult | undefined;
  if (remembered) {
    const known = overlap(asked, remembered, lastStepBefore(earliestMs, query));
    result = await completed(query, { asked, known, remembered, evaluate });
  }
  result ??= await evaluate(asked);
  memory.keep(key, { ...asked, mark }, result);
  return result;
}

/** What is left of fewer known steps, when those at their ends are made again, is not worth it. */
const LEAST_KNOWN_STEPS = 3;

interface Completion {
  readonly asked: TimeRange;
  /** The steps that are still right; ends before it starts when there are none. */
  readonly known: TimeRange;
  readonly remembered: Remembered;
  readonly evaluate: (range: TimeRange) => Promise<QueryResult>;
}

/**
 * Evaluates what is missing before and after the known steps; `undefined` when that is not enough.
 * Pieces that are evaluated take one known step with them, so that they have two at least.
 */
async function completed(
  { query, stepMs }: RangeQuery,
  { asked, known, remembered, evaluate }: Completion,
): Promise<QueryResult | undefined> {
  if (known.endMs - known.startMs < LEAST_KNOWN_STEPS * stepMs) return undefined;
  const lacksBefore = asked.startMs < known.startMs;
  const lacksAfter = asked.endMs > known.endMs;
  const [before, after] = await Promise.all([
    lacksBefore ? evaluate({ startMs: asked.startMs, endMs: known.startMs }) : NOTHING,
    lacksAfter ? evaluate({ startMs: known.endMs, endMs: asked.endMs }) : NOTHING,
  ]);
  const within = {
    startMs: known.startMs + (lacksBefore ? stepMs : 0),
    endMs: known.endMs - (lacksAfter ? stepMs : 0),
  };
  const middle = cutRemarks(remembered.remarks, within);
  const remarks = joinRemarks([before.remarkedSteps, middle, after.remarkedSteps]);
  if (remarks === "unclear" || [before, after].some(hasUnclearRemarks)) return undefined;
  const earlier = joinSteps(seriesOf(before), cutSteps(remembered.series, within));
  return {
    value: { type: "matrix", series: joinSteps(earlier, seriesOf(after)) },
    ...remarkTexts(remarks, query),
    stats: {
      samplesRead: before.stats.samplesRead + after.stats.samplesRead,
      seriesRead: Math.max(before.stats.seriesRead, after.stats.seriesRead),
      durationMs: Math.max(before.stats.durationMs, after.stats.durationMs),
    },
  };
}

const NOTHING: QueryResult = {
  value: { type: "matrix", series: [] },
  warnings: [],
  infos: [],
  stats: { samplesRead: 0, seriesRead: 0, durationMs: 0 },
};

function seriesOf({ value }: QueryResult): readonly LabelledSeries[] {
  return value.type === "matrix" ? value.series : [];
}

/** Queries with the same key have their steps at the same times, and as many of them. */
function keyOf({ query, startMs, endMs, stepMs, lookbackMs = 0 }: RangeQuery): string {
  const count = Math.floor((endMs - startMs) / stepMs);
  return `${stepMs} ${startMs % stepMs} ${count} ${lookbackMs} ${query}`;
}

/** The last step before a time; -Infinity stays what it is. */
function lastStepBefore(timeMs: number, { startMs, stepMs }: RangeQuery): number {
  return startMs + (Math.ceil((timeMs - startMs) / stepMs) - 1) * stepMs;
}

function overlap(asked: TimeRange, remembered: TimeRange, lastMs: number): TimeRange {
  return {
    startMs: Math.max(asked.startMs, remembered.startMs),
    endMs: Math.min(asked.endMs, remembered.endMs, lastMs),
  };
}
