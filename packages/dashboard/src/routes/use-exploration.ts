import { useMemo } from "preact/hooks";
import { type AppState, useApp } from "../app-context.ts";
import {
  type ExploreAnswer,
  measuredRangeQuery,
  type TableAnswer,
  tableQuery,
} from "../data/explore-requests.ts";
import { type GridAnswer, rangeQuery } from "../data/prometheus.ts";
import { fixedStepGrid, type StepGrid, stepGrid } from "../data/query-step.ts";
import { type Answer, useAnswer } from "../data/use-answer.ts";
import { formatTimePoint } from "../state/time-range.ts";
import type { Comparison } from "../state/view.ts";

/** How far back each comparison lies. */
export const COMPARISON_MS: Readonly<Record<Comparison, number>> = {
  "1d": 86_400_000,
  "1w": 7 * 86_400_000,
};

/** The answers of the expression in the URL; those that the view does not show are not asked for. */
export interface Exploration {
  readonly grid: StepGrid;
  readonly graph: Answer<ExploreAnswer>;
  readonly earlier: Answer<GridAnswer>;
  readonly table: Answer<TableAnswer>;
}

/** Asks what the view shows: graph, the earlier graph, or table. */
export function useExploration(): Exploration {
  const app = useApp();
  const { expression, asTable, compare } = app.view;
  const grid = useExploreGrid(app);
  const shiftMs = compare === null ? 0 : COMPARISON_MS[compare];
  const before = { ...grid, startMs: grid.startMs - shiftMs, endMs: grid.endMs - shiftMs };
  const turns = { always: app.refreshes, afterFailure: app.nowMs };
  const range = `${formatTimePoint(app.view.range.from)} ${formatTimePoint(app.view.range.to)}`;
  const subject = JSON.stringify([expression, range, grid.stepMs]);
  const isAsked = expression !== "";
  const asksGraph = isAsked && !asTable;
  const graph = useAnswer(
    `graph ${subject}`,
    asksGraph ? measuredRangeQuery(expression, grid) : null,
    turns,
  );
  const earlier = useAnswer(
    `earlier ${compare} ${subject}`,
    asksGraph && compare !== null ? rangeQuery(expression, before) : null,
    turns,
  );
  const table = useAnswer(
    `table ${subject}`,
    isAsked && asTable ? tableQuery(expression, grid.endMs) : null,
    turns,
  );
  return { grid, graph, earlier, table };
}

function useExploreGrid({ range, nowMs, view }: AppState): StepGrid {
  const { startMs, endMs, stepMs } =
    view.stepMs === null ? stepGrid(range, nowMs) : fixedStepGrid(range, nowMs, view.stepMs);
  return useMemo(() => ({ startMs, endMs, stepMs }), [startMs, endMs, stepMs]);
}
