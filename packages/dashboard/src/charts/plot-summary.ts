import type { Formatter } from "../format/formatter.ts";
import { magnitudeOf, type Unit } from "../format/units.ts";
import type { MessageKey } from "../i18n/catalogue.ts";
import type { Translate } from "../i18n/translate.ts";
import {
  highestIndex,
  lastValue,
  type PlotModel,
  type PlotSeries,
  plotMaximum,
} from "./plot-model.ts";

/** Lines named in a summary; more would be a recital, and the table has them all. */
const MAX_NAMED = 4;

const UNIT_KEYS = {
  s: "unit.s",
  "1/s": "unit.rate",
  ratio: "unit.ratio",
  "1": "unit.count",
  By: "unit.bytes",
  "By/s": "unit.byte-rate",
} as const satisfies Record<Unit, MessageKey>;

/** The name of a unit in words. */
export function unitName(unit: Unit, t: Translate): string {
  return t(UNIT_KEYS[unit]);
}

/** What a chart shows in a sentence or two, for those who do not see it. */
export function plotSummary(model: PlotModel, t: Translate, format: Formatter): string {
  const parts = model.series
    .filter(({ isBound, forecastOf }) => !isBound || forecastOf === undefined)
    .slice(0, MAX_NAMED)
    .map((series) => seriesSummary(model, series, { t, format }))
    .filter((part) => part !== "");
  if (parts.length === 0) parts.push(t("chart.summary-none"));
  if (model.marks.length > 0)
    parts.push(t("chart.summary-anomalies", { count: model.marks.length }));
  return t("chart.summary", {
    title: model.title,
    unit: unitName(model.unit, t),
    range: format.range(model.startMs, model.endMs),
    series: parts.join(" "),
  });
}

function seriesSummary(
  model: PlotModel,
  series: PlotSeries,
  { t, format }: { readonly t: Translate; readonly format: Formatter },
): string {
  const index = highestIndex(series.values);
  if (index < 0) return "";
  const magnitude = magnitudeOf(model.unit, plotMaximum(model));
  return t("chart.summary-series", {
    name: series.name,
    last: format.scaled(lastValue(series.values), magnitude),
    max: format.scaled(series.values[index] ?? null, magnitude),
    time: format.time(model.timestampsMs[index] ?? model.startMs),
  });
}
