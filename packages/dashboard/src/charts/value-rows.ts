import type { PlotModel, PlotSeries } from "./plot-model.ts";

/** A line and its value at one moment; of a forecast with the bounds of its interval. */
export interface ValueRow {
  readonly series: PlotSeries;
  readonly value: number | null;
  readonly bounds: { readonly lower: number; readonly upper: number } | null;
}

/**
 * What a chart says at an index of its timestamps. The bounds of a forecast are told with its line;
 * measured lines are left out where only a forecast can be, and forecasts before it begins.
 */
export function valueRows(model: PlotModel, index: number): readonly ValueRow[] {
  const isAhead =
    model.forecastFromMs !== null && (model.timestampsMs[index] ?? 0) > model.forecastFromMs;
  const valueAt = (series: PlotSeries | undefined): number | null => series?.values[index] ?? null;
  const boundOf = (of: string, part: string): number | null =>
    valueAt(model.series.find(({ key }) => key === `fan ${part} ${of}`));
  return model.series.flatMap((series): ValueRow[] => {
    const { forecastOf, isBound = false } = series;
    const value = valueAt(series);
    if (value === null && (isAhead || forecastOf !== undefined)) return [];
    if (forecastOf === undefined) return [{ series, value, bounds: null }];
    if (isBound) return [];
    const [lower, upper] = [boundOf(forecastOf, "lower"), boundOf(forecastOf, "upper")];
    return [{ series, value, bounds: lower === null || upper === null ? null : { lower, upper } }];
  });
}
