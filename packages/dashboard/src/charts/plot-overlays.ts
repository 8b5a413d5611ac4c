import uPlot from "uplot";
import type { PlotColours } from "./plot-colours.ts";
import type { PlotModel } from "./plot-model.ts";

/** Height of the ribbon that marks anomalies at the top of the plot, CSS px. */
const RIBBON_PX = 4;
/** A mark is drawn at least so wide, or one sample would be invisible in a day. */
const LEAST_MARK_PX = 5;

/** A stretch of the plot in canvas px. */
export interface Stretch {
  readonly left: number;
  readonly width: number;
}

/** [startMs, endMs] cut to the plot and at least `leastPx` wide; `null` when it lies outside. */
export function stretchOf(
  span: { readonly startMs: number; readonly endMs: number },
  plot: {
    readonly startMs: number;
    readonly endMs: number;
    readonly left: number;
    readonly width: number;
  },
  leastPx: number,
): Stretch | null {
  if (span.endMs < plot.startMs || span.startMs > plot.endMs) return null;
  const at = (timestampMs: number): number =>
    ((timestampMs - plot.startMs) / (plot.endMs - plot.startMs)) * plot.width;
  const from = Math.max(0, at(span.startMs));
  const to = Math.min(plot.width, at(span.endMs));
  const width = Math.max(to - from, leastPx);
  const left = Math.min(Math.max(0, (from + to - width) / 2), plot.width - width);
  return { left: plot.left + left, width };
}

/** Draws what lies behind the lines: the part still arriving, the forecast part, anomalies. */
export function drawBackground(plot: uPlot, model: PlotModel, colours: PlotColours): void {
  const { ctx, bbox } = plot;
  const area = { ...model, left: bbox.left, width: bbox.width };
  const fill = (startMs: number | null, colour: string): void => {
    if (startMs === null) return;
    const stretch = stretchOf({ startMs, endMs: model.endMs }, area, 0);
    if (!stretch || stretch.width <= 0) return;
    ctx.fillStyle = colour;
    ctx.fillRect(stretch.left, bbox.top, stretch.width, bbox.height);
  };
  ctx.save();
  fill(model.pendingFromMs, colours.pending);
  fill(model.forecastFromMs, colours.forecast);
  for (const mark of model.marks) {
    const stretch = stretchOf(mark, area, LEAST_MARK_PX * uPlot.pxRatio);
    if (!stretch) continue;
    ctx.fillStyle = colours.markFill;
    ctx.fillRect(stretch.left, bbox.top, stretch.width, bbox.height);
  }
  ctx.restore();
}

/** Draws what lies over the lines: the ribbon of anomalies and their names where there is room. */
export function drawForeground(plot: uPlot, model: PlotModel, colours: PlotColours): void {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  const area = { ...model, left: bbox.left, width: bbox.width };
  ctx.save();
  ctx.fillStyle = colours.mark;
  ctx.font = `600 ${11 * ratio}px system-ui, sans-serif`;
  ctx.textAlign = "center";
  ctx.textBaseline = "bottom";
  let freeFrom = Number.NEGATIVE_INFINITY;
  for (const mark of [...model.marks].sort((a, b) => a.startMs - b.startMs)) {
    const stretch = stretchOf(mark, area, LEAST_MARK_PX * ratio);
    if (!stretch) continue;
    ctx.fillRect(stretch.left, bbox.top - RIBBON_PX * ratio, stretch.width, RIBBON_PX * ratio);
    const half = ctx.measureText(mark.label).width / 2 + 2 * ratio;
    const wanted = stretch.left + stretch.width / 2;
    const middle = Math.min(Math.max(wanted, bbox.left + half), bbox.left + bbox.width - half);
    if (middle - half < freeFrom) continue;
    ctx.fillText(mark.label, middle, bbox.top - (RIBBON_PX + 1) * ratio);
    freeFrom = middle + half;
  }
  ctx.restore();
}
