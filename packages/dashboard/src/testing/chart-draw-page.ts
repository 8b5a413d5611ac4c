import "../styles/theme.css";
import uPlot from "uplot";
import { readPlotColours } from "../charts/plot-colours.ts";
import type { PlotModel } from "../charts/plot-model.ts";
import { plotData, plotOptions } from "../charts/plot-options.ts";
import { rankedStyle } from "../charts/series-style.ts";
import { createFormatter } from "../format/formatter.ts";

/** What to draw, how often, and whether with our path or with uPlot's. */
export interface DrawTask {
  readonly lines: number;
  readonly pointsPerLine: number;
  readonly rounds: number;
  readonly path: "ours" | "uplot";
}

/** How long each draw took, from new data to pixels that can be read. */
export interface DrawTimes {
  readonly pointsDrawn: number;
  readonly drawMs: readonly number[];
  /** Whether the spike of a single sample reached the pixels of its height. */
  readonly spikeIsSeen: boolean;
}

const SIZE = { width: 1100, height: 380 };
const STEP_MS = 1000;
const SPIKE = 10;

/** A walk for each line, and in the first one a spike of one sample, far above all else. */
function drawnModel({ lines, pointsPerLine }: DrawTask, round: number): PlotModel {
  let state = 7 + round;
  const next = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  const series = Array.from({ length: lines }, (_, line) => {
    let level = 1 + line / lines;
    const values = Array.from({ length: pointsPerLine }, () => {
      level = Math.min(3, Math.max(0.2, level + (next() - 0.5) / 4));
      return level;
    });
    if (line === 0) values[Math.floor(pointsPerLine / 2) + round] = SPIKE;
    const name = `line ${line}`;
    return { key: name, name, values, style: rankedStyle(line) };
  });
  const timestampsMs = Array.from({ length: pointsPerLine }, (_, i) => i * STEP_MS);
  const endMs = (pointsPerLine - 1) * STEP_MS;
  const window = { startMs: 0, endMs, forecastFromMs: null, pendingFromMs: null };
  return { title: "draw", unit: "1", timestampsMs, series, bands: [], marks: [], ...window };
}

/** Draws charts as the metrics page does and says how long each took. */
export async function drawCharts(task: DrawTask): Promise<DrawTimes> {
  let model = drawnModel(task, 0);
  const options = plotOptions({
    model: () => model,
    colours: readPlotColours(),
    format: createFormatter("en"),
    ...SIZE,
    syncKey: "draw",
    onCursor: () => {},
    onZoom: () => {},
  });
  const linear = uPlot.paths.linear?.();
  if (task.path === "uplot" && linear !== undefined)
    for (const line of options.series.slice(1)) line.paths = linear;
  const plot = new uPlot(options, plotData(model), document.body);
  await Promise.resolve();
  const drawMs: number[] = [];
  for (let round = 1; round <= task.rounds; round++) {
    model = drawnModel(task, round);
    const startedMs = performance.now();
    plot.setData(plotData(model));
    await Promise.resolve();
    // Reading a pixel waits until all that was drawn is there.
    plot.ctx.getImageData(0, 0, 1, 1);
    drawMs.push(performance.now() - startedMs);
  }
  const spikeIsSeen = await isSpikeSeen(plot);
  plot.destroy();
  return { pointsDrawn: task.lines * task.pointsPerLine, drawMs, spikeIsSeen };
}

/** Of the spike's height this much is looked at: no other line comes near it. */
const SEEN_SHARE = 0.6;

/** Whether there is ink in every row of pixels from the spike's top down; the grid is left out. */
async function isSpikeSeen(plot: uPlot): Promise<boolean> {
  for (const axis of plot.axes) if (axis.grid) axis.grid.show = false;
  plot.redraw();
  await Promise.resolve();
  const top = Math.round(plot.valToPos(SPIKE, "y", true)) + 1;
  const height = Math.round(plot.valToPos(SPIKE * (1 - SEEN_SHARE), "y", true)) - top;
  const { left, width } = plot.bbox;
  const { data } = plot.ctx.getImageData(left, top, width, height);
  const isInked = (row: number): boolean =>
    data.subarray(row * width * 4, (row + 1) * width * 4).some((channel) => channel > 0);
  return Array.from({ length: height }, (_, row) => row).every(isInked);
}
