import type { AutoForecast, RefusalReason } from "@avx/analysis";
import type { CsvSeries } from "./csv-series.ts";
import { forecastPlot, shortNumber } from "./forecast-plot.ts";

const REASONS: Readonly<Record<RefusalReason, string>> = {
  "insufficient-history": "there are too few samples",
  "infinite-values": "there are infinite values",
  "too-many-gaps": "more than half of the samples are missing",
  "no-better-than-naive": "tested on its own past, no model was better than repeating it",
};

/** The forecast of a file as text: how it was made, a table, a plot; or why there is none. */
export function forecastReport(read: CsvSeries, forecast: AutoForecast, level: number): string {
  const { series, name } = read;
  const count = series.values.length;
  const head = `${name}: ${count} samples`;
  if (forecast.kind === "refused") {
    const { reason, neededSamples } = forecast;
    const needs = neededSamples === undefined ? "" : `, at least ${neededSamples} are needed`;
    return `${head}\nno forecast: ${REASONS[reason]}${needs}\n${backtestLine(forecast)}`;
  }
  const { model, seasonSamples, mean, lower, upper } = forecast;
  const seasons = seasonSamples.length === 0 ? "none" : seasonSamples.join(", ");
  const plot = forecastPlot({ history: series.values, mean, lower, upper });
  return [
    head,
    `model: ${shortModel(model)}`,
    `seasons: ${seasons}`,
    backtestLine(forecast).trimEnd(),
    "",
    ...table(read, forecast, level),
    "",
    plot,
    "",
  ]
    .filter((line, i, all) => line !== "" || all[i - 1] !== "")
    .join("\n");
}

/** A combination can have a dozen members; the first few carry most of it. `--json` has all. */
const SHOWN_MEMBERS = 3;

function shortModel(model: string): string {
  const members = model.split(" + ");
  const more = members.length - SHOWN_MEMBERS;
  const shown = members.slice(0, SHOWN_MEMBERS).join(" + ");
  return more > 0 ? `${shown} + ${more} more` : shown;
}

function backtestLine({ backtest }: AutoForecast): string {
  if (backtest === undefined) return "";
  const { meanAbsolutePercentageError: percentage, skill, meanAbsoluteError } = backtest;
  const { origins, coverage, level } = backtest;
  const share = Number.isNaN(percentage) ? "" : `, MAPE ${(100 * percentage).toFixed(1)} %`;
  const error = `mean error ${shortNumber(meanAbsoluteError)}${share}`;
  const held = `${(100 * coverage).toFixed(0)} % within the ${percent(level)} bounds`;
  const better = `skill over naive ${(100 * skill).toFixed(0)} %`;
  return `on the past: ${error}, ${better}, ${held} (${origins} origins)\n`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(6))} %`;
}

function table(
  { series, hasTimes }: CsvSeries,
  { mean, lower, upper }: Extract<AutoForecast, { kind: "forecast" }>,
  level: number,
): string[] {
  const stepAt = steps(series.timestampsMs, hasTimes);
  const rows = Array.from(mean, (value, i) => [
    stepAt(i + 1),
    ...[lower[i]!, value, upper[i]!].map(shortNumber),
  ]);
  const all = [["step", `lower ${percent(level)}`, "forecast", `upper ${percent(level)}`], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]!.length)));
  return all.map((row) => row.map((cell, i) => cell.padStart(widths[i]!)).join("  "));
}

/** How a step ahead is named: by its time, else by its number. */
function steps(timestampsMs: Float64Array, hasTimes: boolean): (ahead: number) => string {
  const lastMs = timestampsMs.at(-1);
  if (!hasTimes || lastMs === undefined || timestampsMs.length < 2) return (ahead) => `+${ahead}`;
  const gaps = timestampsMs.subarray(1).map((time, i) => time - timestampsMs[i]!);
  const stepMs = gaps.sort()[gaps.length >> 1]!; // At least one gap, as there are two samples.
  return (ahead) => {
    const time = new Date(lastMs + ahead * stepMs).toISOString();
    return time
      .replace(/:00\.000Z$/, "Z")
      .replace(/\.000Z$/, "Z")
      .replace("T", " ");
  };
}
