import type uPlot from "uplot";
import type { Formatter } from "../format/formatter.ts";
import { timeTickLabels } from "../format/time-ticks.ts";
import { type Magnitude, magnitudeOf } from "../format/units.ts";
import { linePaths } from "./line-paths.ts";
import type { PlotColours } from "./plot-colours.ts";
import { type PlotModel, plotMaximum, plotMinimum, yRange } from "./plot-model.ts";
import { drawBackground, drawForeground } from "./plot-overlays.ts";

/** All plots have the same left and right edge, so that time can be read downwards. */
const LEFT_AXIS_PX = 66;
const RIGHT_PADDING_PX = 14;
/** Room for the ribbon and names of anomalies. */
const TOP_PADDING_PX = 18;
const BOTTOM_AXIS_PX = 38;
/** A drag shorter than this is a click. */
const LEAST_DRAG_PX = 5;

const FONT = "11px system-ui, sans-serif";

/** What a plot is made from. `model` is asked for anew on each draw, so that it may change. */
export interface PlotSetup {
  readonly model: () => PlotModel;
  readonly colours: PlotColours;
  readonly format: Formatter;
  readonly width: number;
  readonly height: number;
  /** Plots with the same key move their cursors together. */
  readonly syncKey: string;
  readonly onCursor: (index: number | null) => void;
  readonly onZoom: (startMs: number, endMs: number) => void;
}

/** The columns that uPlot draws. */
export function plotData(model: PlotModel): uPlot.AlignedData {
  return [[...model.timestampsMs], ...model.series.map((series) => [...series.values])];
}

/** uPlot's options for a chart of our kind. */
export function plotOptions(setup: PlotSetup): uPlot.Options {
  const { model, colours } = setup;
  return {
    width: setup.width,
    height: setup.height,
    ms: 1,
    padding: [TOP_PADDING_PX, RIGHT_PADDING_PX, 0, 0],
    legend: { show: false },
    focus: { alpha: 0.3 },
    cursor: cursorOptions(setup),
    scales: {
      x: { time: true, range: () => [model().startMs, model().endMs] },
      y: { range: (plot) => [...visibleYRange(plot, model())] },
    },
    axes: axes(setup),
    series: [{}, ...lines(model(), colours)],
    bands: bands(model(), colours),
    hooks: {
      drawClear: [(plot) => drawBackground(plot, model(), colours)],
      draw: [(plot) => drawForeground(plot, model(), colours)],
      setCursor: [(plot) => setup.onCursor(plot.cursor.idx ?? null)],
      setSelect: [(plot) => zoomToSelection(plot, setup)],
    },
  };
}

function cursorOptions({ syncKey }: PlotSetup): uPlot.Cursor {
  return {
    y: false,
    lock: true,
    points: { size: 7, width: 1.5 },
    drag: { x: true, y: false, setScale: false },
    sync: {
      key: syncKey,
      scales: ["x", null],
      setSeries: false,
      // Only the cursor is joint; a drag zooms once, in the plot in which it happens.
      filters: { pub: (type) => type === "mousemove" || type === "mouseleave" },
    },
  };
}

function zoomToSelection(plot: uPlot, { onZoom }: PlotSetup): void {
  const { left, width } = plot.select;
  if (width < LEAST_DRAG_PX) return;
  const startMs = plot.posToVal(left, "x");
  const endMs = plot.posToVal(left + width, "x");
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onZoom(startMs, endMs);
}

function lines({ series, bands }: PlotModel, colours: PlotColours): uPlot.Series[] {
  // The area of a band is clipped by the paths that uPlot makes for its edges.
  const edges = new Set(bands.flatMap(({ upper, lower }) => [upper, lower]));
  return series.map(({ key, style, forecastOf, isBound }) => {
    const stroke = colours.of(style.colour);
    return {
      stroke,
      width: style.widthPx,
      dash: [...style.dash],
      // Forecasts that were made at different moments may have different times.
      spanGaps: forecastOf !== undefined,
      points: isBound ? { show: false } : { size: 4, fill: stroke },
      ...(edges.has(key) ? {} : { paths: linePaths }),
    };
  });
}

function bands(model: PlotModel, colours: PlotColours): uPlot.Band[] {
  const indexOf = (key: string): number => model.series.findIndex((one) => one.key === key) + 1;
  return model.bands.map((band) => ({
    series: [indexOf(band.upper), indexOf(band.lower)],
    fill: band.isFaded ? faded(colours.of(band.colour)) : colours.of(band.colour),
  }));
}

/** The colours of lines are written as `#rrggbb`; two more digits make them translucent. */
function faded(colour: string): string {
  return `${colour}2e`;
}

function axes({ model, colours, format }: PlotSetup): uPlot.Axis[] {
  const shared = {
    font: FONT,
    stroke: colours.axis,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: false },
  };
  return [
    {
      ...shared,
      size: BOTTOM_AXIS_PX,
      space: 72,
      gap: 6,
      values: (_, ticks) => timeTickLabels(ticks, format),
    },
    {
      ...shared,
      size: LEFT_AXIS_PX,
      space: 30,
      gap: 6,
      values: (plot, ticks) => {
        const magnitude = visibleMagnitude(plot, model());
        const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
        return ticks.map((tick) => format.tick(tick, step, magnitude));
      },
    },
  ];
}

function visibleYRange(plot: uPlot, model: PlotModel): readonly [number, number] {
  const isShown = (index: number): boolean => plot.series[index + 1]?.show !== false;
  return yRange(model.unit, plotMaximum(model, isShown), plotMinimum(model, isShown));
}

function visibleMagnitude(plot: uPlot, model: PlotModel): Magnitude {
  const [low, high] = visibleYRange(plot, model);
  return magnitudeOf(model.unit, Math.max(high, -low));
}
