import type uPlot from "uplot";
import { BREAK, keptPoints } from "./kept-points.ts";

/** A run of points that is narrower than this would leave no mark, canvas px. */
const LEAST_RUN_PX = 1;

/**
 * Charts of more points have lines one pixel of the screen wide, which browsers draw 5 to 7 times as
 * fast as wider ones (bench/chart-draw.ts): 100,000 points within 40 ms. Forty lines of the steps
 * that the page chooses itself have fewer.
 */
const MAX_WIDE_POINTS = 20_000;

interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * uPlot's path of a line through the points that are seen. uPlot thins out lines with four points a
 * pixel or more on its own; this does so for every line, and shows a lone sample between two gaps,
 * which uPlot cuts away with the gaps.
 */
export const linePaths: uPlot.Series.PathBuilder = (plot, ...place) => {
  const [seriesIndex, firstIndex, lastIndex] = place;
  const [times] = plot.data;
  const values = plot.data[seriesIndex] ?? [];
  const xOf = linearScale(plot, "x");
  const yOf = linearScale(plot, "y");
  const columnOf = (index: number): number => Math.floor(xOf(times[index] ?? 0));
  const stroke = new Path2D();
  let run: Place[] = [];
  for (const index of keptPoints({ values, firstIndex, lastIndex, columnOf })) {
    if (index === BREAK) {
      addRun(stroke, run);
      run = [];
    } else run.push({ x: xOf(times[index] ?? 0), y: yOf(values[index] ?? 0) });
  }
  addRun(stroke, run);
  const lines = plot.series.length - 1;
  const isDense = (lastIndex - firstIndex + 1) * lines > MAX_WIDE_POINTS;
  // uPlot reads the width from `_width`; its types call it `width`.
  const width = isDense ? { _width: 1 / devicePixelRatio } : {};
  // No gaps and no clip: the path itself is broken where they are.
  return { stroke, fill: null, clip: null, band: null, flags: 0, ...width };
};

/** Both scales of our charts are linear, so two points tell where all values lie. */
function linearScale(plot: uPlot, scale: "x" | "y"): (value: number) => number {
  const { min = 0, max = 1 } = plot.scales[scale] ?? {};
  const low = min ?? 0;
  const start = plot.valToPos(low, scale, true);
  const perUnit = (plot.valToPos(max ?? 1, scale, true) - start) / ((max ?? 1) - low || 1);
  return (value) => start + (value - low) * perUnit;
}

function addRun(path: Path2D, run: readonly Place[]): void {
  const [first] = run;
  const last = run.at(-1);
  if (first === undefined || last === undefined) return;
  const missing = LEAST_RUN_PX - (last.x - first.x);
  path.moveTo(missing > 0 ? first.x - missing : first.x, first.y);
  for (const { x, y } of missing > 0 ? run : run.slice(1)) path.lineTo(x, y);
  if (missing > 0) path.lineTo(last.x + missing, last.y);
}
