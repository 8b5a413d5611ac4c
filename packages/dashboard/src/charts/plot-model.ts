import type { Unit } from "../format/units.ts";
import type { SeriesStyle } from "./series-style.ts";

/** One line of a chart. `values` is as long as the chart's timestamps; `null` is a gap. */
export interface PlotSeries {
  readonly key: string;
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly style: SeriesStyle;
  /** The edge of an interval: it may leave the chart, so that a wide one does not flatten the rest. */
  readonly isBound?: boolean;
  /** The expression that has this line alone; a line without cannot be forecast. */
  readonly expression?: string;
  /** Of a forecast: the key of the line that it goes on from. */
  readonly forecastOf?: string;
}

/** The area between two lines of the chart, by their keys. */
export interface PlotBand {
  readonly upper: string;
  readonly lower: string;
  readonly colour: string;
  /** Whether the colour is that of a line, and is drawn faintly. */
  readonly isFaded?: boolean;
}

/** A named stretch of time that is drawn over the chart: an anomaly. */
export interface PlotMark {
  readonly key: string;
  readonly label: string;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** All that a time series chart draws. */
export interface PlotModel {
  readonly title: string;
  readonly unit: Unit;
  /** Ascending, Unix ms. */
  readonly timestampsMs: readonly number[];
  readonly series: readonly PlotSeries[];
  readonly bands: readonly PlotBand[];
  readonly marks: readonly PlotMark[];
  /** The window; the lines may end before it does. */
  readonly startMs: number;
  readonly endMs: number;
  /** From here on the lines are a forecast; `null`: nowhere. */
  readonly forecastFromMs: number | null;
  /** Samples after this moment are still arriving; `null`: all are there. */
  readonly pendingFromMs: number | null;
}

/** Whether there is nothing to draw. */
export function isEmptyPlot(model: PlotModel): boolean {
  return model.series.every((series) => series.values.every((value) => value === null));
}

/** How far above the lines the bounds of an interval may stretch a chart. */
const BOUND_STRETCH = 1.6;

/**
 * The largest value to draw of the lines for which `isShown` holds; at least 0. Bounds count only
 * up to a multiple of the other lines.
 */
export function plotMaximum(
  model: PlotModel,
  isShown: (index: number) => boolean = () => true,
): number {
  let line = 0;
  let bound = 0;
  model.series.forEach(({ values, isBound = false }, i) => {
    if (!isShown(i)) return;
    const highest = values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
    if (isBound) bound = Math.max(bound, highest);
    else line = Math.max(line, highest);
  });
  return line === 0 ? bound : Math.max(line, Math.min(bound, line * BOUND_STRETCH));
}

/** Smallest top of the Y axis by unit, so that noise around 0 does not fill the chart. */
const LEAST_TOP: Readonly<Record<Unit, number>> = {
  s: 0.001,
  "1/s": 1,
  ratio: 0.01,
  "1": 1,
  By: 1000,
  "By/s": 1000,
};

/**
 * The Y range: from 0 (or, where there are values below it, from a round number below the lowest)
 * to a round number above the highest value. Round ends let a live chart keep its scale.
 */
export function yRange(unit: Unit, maximum: number, minimum = 0): readonly [number, number] {
  if (minimum < 0)
    return [-niceAbove(-minimum * 1.05), maximum > 0 ? niceAbove(maximum * 1.05) : 0];
  const wanted = Math.max(maximum * 1.05, LEAST_TOP[unit]);
  const rounded = niceAbove(wanted);
  return [0, unit === "ratio" && maximum <= 1 ? Math.min(rounded, 1) : rounded];
}

/** The next round number that is at least `value`, which must be above 0. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const top = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= value) ?? 10;
  return Number((top * power).toPrecision(6));
}

/** The smallest value of the lines for which `isShown` holds, at most 0. */
export function plotMinimum(
  model: PlotModel,
  isShown: (index: number) => boolean = () => true,
): number {
  return model.series
    .filter((_, i) => isShown(i))
    .reduce(
      (lowest, { values }) =>
        values.reduce<number>((least, value) => Math.min(least, value ?? 0), lowest),
      0,
    );
}

/** The last value that is not a gap; `null` when all are. */
export function lastValue(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null;
}

/** Index of the highest value; -1 when all are gaps. */
export function highestIndex(values: readonly (number | null)[]): number {
  let best = -1;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? null;
    if (value !== null && value > highest) {
      highest = value;
      best = i;
    }
  }
  return best;
}
