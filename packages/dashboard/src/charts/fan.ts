import type { ReadyForecast } from "../data/avx-requests.ts";
import type { PlotBand, PlotModel, PlotSeries } from "./plot-model.ts";

/** A forecast of one line of a chart. */
export interface Fan {
  /** Key of the line. */
  readonly of: string;
  readonly forecast: Pick<ReadyForecast, "timestampsMs" | "mean" | "lower" | "upper">;
}

/** What the three lines of a fan are called. */
export interface FanNames {
  mean(line: string): string;
  lower(line: string): string;
  upper(line: string): string;
}

const MEAN_DASH = [6, 4];
const BOUND_DASH = [2, 3];

/** The chart with forecasts after its last sample, each with the band of its interval. */
export function fannedModel(model: PlotModel, fans: readonly Fan[], names: FanNames): PlotModel {
  const lastMs = model.timestampsMs.at(-1) ?? Number.NEGATIVE_INFINITY;
  const future = [...new Set(fans.flatMap(({ forecast }) => forecast.timestampsMs))]
    .filter((timestampMs) => timestampMs > lastMs)
    .sort((a, b) => a - b);
  const end = future.at(-1);
  if (end === undefined) return model;
  const past = model.timestampsMs.map(() => null);
  const added = fans.flatMap((fan) => {
    const line = model.series.find(({ key }) => key === fan.of);
    return line === undefined ? [] : fanLines(line, fan, { past, future, names });
  });
  return {
    ...model,
    timestampsMs: [...model.timestampsMs, ...future],
    series: [
      ...model.series.map((series) => ({
        ...series,
        values: [...series.values, ...future.map(() => null)],
      })),
      ...added.flatMap(({ lines }) => lines),
    ],
    bands: [...model.bands, ...added.map(({ band }) => band)],
    // What is still open is so until now, not through the forecast.
    marks: model.marks.map((mark) => ({ ...mark, endMs: Math.min(mark.endMs, model.endMs) })),
    endMs: Math.max(model.endMs, end),
    forecastFromMs: lastMs,
    pendingFromMs: null,
  };
}

interface FanPlace {
  readonly past: readonly null[];
  readonly future: readonly number[];
  readonly names: FanNames;
}

function fanLines(
  line: PlotSeries,
  { forecast }: Fan,
  { past, future, names }: FanPlace,
): { readonly lines: readonly PlotSeries[]; readonly band: PlotBand } {
  const at = new Map(forecast.timestampsMs.map((timestampMs, i) => [timestampMs, i]));
  const { colour } = line.style;
  const part = (name: keyof FanNames): PlotSeries => ({
    key: `fan ${name} ${line.key}`,
    name: names[name](line.name),
    forecastOf: line.key,
    values: [...past, ...future.map((timeMs) => forecast[name][at.get(timeMs) ?? -1] ?? null)],
    ...(name === "mean"
      ? { style: { colour, dash: MEAN_DASH, widthPx: 1.75 } }
      : { style: { colour, dash: BOUND_DASH, widthPx: 1 }, isBound: true }),
  });
  const lines = [part("mean"), part("upper"), part("lower")];
  return {
    lines,
    band: { upper: `fan upper ${line.key}`, lower: `fan lower ${line.key}`, colour, isFaded: true },
  };
}
