import { median } from "../../statistics/quantile.ts";
import type { TimeSeries } from "../../time-series.ts";

/** A series on an even grid without holes, and how much of it had to be made up. */
export interface RegularSeries {
  readonly series: TimeSeries;
  readonly stepMs: number;
  /** Filled samples as a share of the grid. */
  readonly filledRatio: number;
}

/** A grid of more cells than this many times the samples is mostly gap. */
const MAX_GRID_RATIO = 20;

/**
 * Puts samples on a grid of their median step: each goes to its nearest cell, the last one of a cell
 * wins, and empty cells (gaps, `NaN`) are filled by a straight line between neighbours. `undefined`
 * when nothing is finite or the gaps are `MAX_GRID_RATIO` times longer than the data.
 */
export function regularSeries(series: TimeSeries): RegularSeries | undefined {
  const { timestampsMs, values } = series;
  const finite = Array.from(values.keys()).filter((i) => Number.isFinite(values[i]));
  const first = finite[0];
  const last = finite[finite.length - 1];
  if (first === undefined || last === undefined) return undefined;
  const stepMs = medianStep(timestampsMs);
  const startMs = timestampsMs[first]!;
  const count = Math.round((timestampsMs[last]! - startMs) / stepMs) + 1;
  if (count > MAX_GRID_RATIO * values.length) return undefined;
  const grid = new Float64Array(count).fill(Number.NaN);
  for (const i of finite) grid[Math.round((timestampsMs[i]! - startMs) / stepMs)] = values[i]!;
  const filled = fillHoles(grid);
  const times = Float64Array.from(grid, (_, i) => startMs + i * stepMs);
  return {
    series: { timestampsMs: times, values: grid },
    stepMs,
    filledRatio: filled / count,
  };
}

function medianStep(timestampsMs: Float64Array): number {
  if (timestampsMs.length < 2) return 1;
  const steps = timestampsMs.subarray(1).map((time, i) => time - timestampsMs[i]!);
  return median(steps);
}

/** Fills in place; the first and last cell are known. Returns how many were filled. */
function fillHoles(grid: Float64Array): number {
  let filled = 0;
  let known = 0;
  for (let i = 1; i < grid.length; i++) {
    if (Number.isNaN(grid[i])) continue;
    const slope = (grid[i]! - grid[known]!) / (i - known);
    for (let hole = known + 1; hole < i; hole++) {
      grid[hole] = grid[known]! + slope * (hole - known);
      filled++;
    }
    known = i;
  }
  return filled;
}
