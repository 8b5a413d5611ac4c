import type { PlotModel, PlotSeries } from "./plot-model.ts";
import type { SeriesStyle } from "./series-style.ts";
import type { ForecastNames, NamedForecast } from "./signal-models.ts";

const MEAN: SeriesStyle = { colour: "--forecast", dash: [6, 4], widthPx: 1.75 };
const BOUND: SeriesStyle = { colour: "--forecast-bound", dash: [2, 3], widthPx: 1 };

/** The chart with a forecast after its last sample, and the band of its interval. */
export function overlayForecast(model: PlotModel, { forecast, names }: NamedForecast): PlotModel {
  const lastMs = model.timestampsMs.at(-1) ?? Number.NEGATIVE_INFINITY;
  const skip = forecast.timestampsMs.filter((timestampMs) => timestampMs <= lastMs).length;
  const future = forecast.timestampsMs.slice(skip);
  const end = future.at(-1);
  if (end === undefined) return model;
  const after = (values: readonly number[]): (number | null)[] => [
    ...model.timestampsMs.map(() => null),
    ...values.slice(skip),
  ];
  const line = (key: Exclude<keyof ForecastNames, "actual">, style: SeriesStyle): PlotSeries => ({
    ...{ key, name: names[key], style },
    values: after(key === "forecast" ? forecast.mean : forecast[key]),
  });
  return {
    ...model,
    timestampsMs: [...model.timestampsMs, ...future],
    series: [
      ...model.series.map((series) => ({
        ...series,
        values: [...series.values, ...future.map(() => null)],
      })),
      line("forecast", MEAN),
      { ...line("upper", BOUND), isBound: true },
      { ...line("lower", BOUND), isBound: true },
    ],
    bands: [...model.bands, { upper: "upper", lower: "lower", colour: "--forecast-band" }],
    endMs: Math.max(model.endMs, end),
    forecastFromMs: lastMs,
    pendingFromMs: null,
  };
}
