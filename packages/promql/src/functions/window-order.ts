import { quantileOf, quantileOfRanks } from "../aggregation/quantile.ts";
import type { WindowedSeries } from "../evaluator/windows.ts";
import { type Bounds, SortedWindow } from "./sorted-window.ts";

/** Order statistics of one window after the other of a series, the windows in order of time. */
export interface WindowOrder {
  /** As `quantileOf` over the window: NaN counts as the smallest value. */
  quantile(q: number, bounds: Bounds): number;
  /** Median of the distances from the median of the window. A NaN makes it NaN. */
  medianDeviation(bounds: Bounds): number;
}

/** What one sample costs that enters or leaves a sorted window, measured. */
const MOVE_NS = 30;
/** What it adds for every float in the window, as they make room. */
const SHIFT_NS = 0.1;
/** What selection in a window costs for each of its floats. */
const SELECT_NS = 20;

/** The cheaper way for the windows of this series; both give the same bits. */
export function windowOrder(windowed: WindowedSeries): WindowOrder {
  const { values } = windowed.columns;
  return slidesCheaply(windowed) ? slidingOrder(values) : selectingOrder(values);
}

function slidesCheaply({ from, to }: WindowedSeries): boolean {
  let visits = 0;
  for (let i = 0; i < from.length; i++) visits += to[i]! - from[i]!;
  const moves = 2 * ((to.at(-1) ?? 0) - (from[0] ?? 0));
  const size = visits / Math.max(1, from.length);
  return moves * (MOVE_NS + SHIFT_NS * size) < SELECT_NS * visits;
}

/** Selects in a copy of each window: for windows that share little with the one before. */
export function selectingOrder(values: Float64Array): WindowOrder {
  return {
    quantile: (q, [from, to]) => quantileOf(q, values.slice(from, to)),
    medianDeviation: ([from, to]) => medianDeviationOf(values.slice(from, to)),
  };
}

/** Median of the distances from the median; rearranges and changes `window`. */
function medianDeviationOf(window: Float64Array): number {
  for (const value of window) if (Number.isNaN(value)) return Number.NaN;
  const median = quantileOf(0.5, window);
  for (let at = 0; at < window.length; at++) window[at] = Math.abs(window[at]! - median);
  return quantileOf(0.5, window);
}

/** Keeps the window sorted while it advances: for windows that overlap much. */
export function slidingOrder(values: Float64Array): WindowOrder {
  const window = new SortedWindow(values);
  const at = (rank: number) => window.at(rank);
  return {
    quantile(q, bounds) {
      window.advance(bounds);
      return quantileOfRanks(q, window.size, at);
    },
    medianDeviation(bounds) {
      window.advance(bounds);
      if (window.nans > 0) return Number.NaN;
      const { size } = window;
      const median = quantileOfRanks(0.5, size, at);
      const below = Math.floor((size - 1) / 2) + 1;
      // Distances fall up to the median and rise after it, unless infinity or rounding interferes.
      const isBetween = at(below - 1) <= median && (below === size || median <= at(below));
      if (!isBetween || !Number.isFinite(median)) {
        return medianDeviationOf(values.slice(...bounds));
      }
      const distances = { below, above: size - below, median, at };
      return quantileOfRanks(0.5, size, (rank) => distanceAtRank(distances, rank));
    },
  };
}

/** A sorted window around its median: `below` floats up to it, `above` from it on. */
interface Distances {
  readonly below: number;
  readonly above: number;
  readonly median: number;
  readonly at: (rank: number) => number;
}

/**
 * The distance of a rank, 0 being the smallest: of two rising sequences, one going down from the
 * median and one going up, it bisects how much of the first lies before the rank.
 */
function distanceAtRank({ below, above, median, at }: Distances, rank: number): number {
  const down = (i: number) =>
    i < below ? Math.abs(median - at(below - 1 - i)) : Number.POSITIVE_INFINITY;
  const up = (i: number) =>
    i < above ? Math.abs(at(below + i) - median) : Number.POSITIVE_INFINITY;
  let low = Math.max(0, rank - above);
  let high = Math.min(rank, below);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (down(middle) < up(rank - middle - 1)) low = middle + 1;
    else high = middle;
  }
  return Math.min(down(low), up(rank - low));
}
