import type { ReadyForecast } from "../data/avx-requests.ts";
import { type GridAnswer, gridTimestamps } from "../data/prometheus.ts";
import type { Unit } from "../format/units.ts";
import type { ResolvedRange } from "../state/time-range.ts";
import type { AnomalyEpisode } from "./anomaly-episodes.ts";
import type { PlotMark, PlotModel, PlotSeries } from "./plot-model.ts";
import { OTHER_STYLE, type SeriesStyle, serviceStyle } from "./series-style.ts";

/** What a chart is called, its unit, and its window. */
export interface PlotFrame {
  readonly title: string;
  readonly unit: Unit;
  readonly range: ResolvedRange;
}

/** One line to draw and the answer whose first series it shows. */
export interface PlotLine {
  readonly key: string;
  readonly name: string;
  readonly style: SeriesStyle;
  readonly answer: GridAnswer;
  /** What has this line alone, so that it can be forecast. */
  readonly expression?: string;
}

/** The percentiles in one hue: told apart by dash and weight, the slowest most visible. */
export const QUANTILE_STYLES: Readonly<Record<"p50" | "p95" | "p99", SeriesStyle>> = {
  p50: { colour: "--quantile-50", dash: [2, 3], widthPx: 1.5 },
  p95: { colour: "--quantile-95", dash: [7, 4], widthPx: 1.5 },
  p99: { colour: "--quantile-99", dash: [], widthPx: 1.75 },
};

/** Failure is red, and nothing else is. */
export const ERROR_STYLE: SeriesStyle = { colour: "--failing", dash: [], widthPx: 1.75 };

/** A chart of named lines on one grid. Lines whose answer has no series are all gaps. */
export function linesModel(
  frame: PlotFrame,
  lines: readonly PlotLine[],
  marks: readonly PlotMark[],
): PlotModel {
  const grid = lines[0]?.answer.grid ?? { startMs: 0, endMs: -1, stepMs: 1 };
  const timestampsMs = gridTimestamps(grid);
  const series = lines.map(({ answer, ...line }) => ({
    ...line,
    values: answer.series[0]?.values ?? timestampsMs.map(() => null),
  }));
  return framedModel(frame, { timestampsMs, series, marks, gridEndMs: grid.endMs });
}

/** Most services drawn by name; hues end there. */
const MAX_NAMED_SERVICES = 8;

/** How the lines beyond the named ones are shown: summed under a name, or left out. */
export type RestRule =
  | { readonly kind: "sum"; readonly name: (count: number) => string }
  | { readonly kind: "leave-out" };

/** What a chart by service is made from. */
export interface ByService {
  readonly answer: GridAnswer;
  readonly rest: RestRule;
  /** The expression of one service's line. */
  readonly expressionOf: (service: string) => string;
}

/** A chart with one line a service, the highest first; of the rest the sum, where sums mean something. */
export function byServiceModel(
  frame: PlotFrame,
  { answer, rest, expressionOf }: ByService,
): PlotModel {
  const timestampsMs = gridTimestamps(answer.grid);
  const peak = (values: readonly (number | null)[]): number =>
    values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  const ranked = answer.series
    .map((series) => ({ ...series, peak: peak(series.values) }))
    .sort((a, b) => b.peak - a.peak);
  const named = ranked.slice(0, MAX_NAMED_SERVICES).map(({ labels, values }): PlotSeries => {
    const service = labels["service_name"] ?? "";
    const expression = expressionOf(service);
    return { key: service, name: service, values, style: serviceStyle(service), expression };
  });
  const others = ranked.slice(MAX_NAMED_SERVICES).map(({ values }) => values);
  const series =
    rest.kind === "sum" && others.length > 0
      ? [
          ...named,
          { key: "", name: rest.name(others.length), values: sumOf(others), style: OTHER_STYLE },
        ]
      : named;
  return framedModel(frame, { timestampsMs, series, marks: [], gridEndMs: answer.grid.endMs });
}

/** Point-wise sum; a gap where all have one. */
export function sumOf(lists: readonly (readonly (number | null)[])[]): (number | null)[] {
  const first = lists[0] ?? [];
  return first.map((_, i) => {
    const known = lists.flatMap((values) => values[i] ?? []);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
  });
}

/** Names of the lines of a forecast chart. */
export interface ForecastNames {
  readonly actual: string;
  readonly forecast: string;
  readonly lower: string;
  readonly upper: string;
}

/** A forecast and what its lines are called. */
export interface NamedForecast {
  readonly forecast: Pick<ReadyForecast, "timestampsMs" | "mean" | "lower" | "upper">;
  readonly names: ForecastNames;
}

/** Measured values, and after them the forecast with the band of its interval. */
export function forecastModel(
  frame: PlotFrame,
  measured: GridAnswer,
  { forecast, names }: NamedForecast,
): PlotModel {
  const past = gridTimestamps(measured.grid);
  const lastPastMs = past.at(-1) ?? 0;
  const skip = forecast.timestampsMs.filter((timestampMs) => timestampMs <= lastPastMs).length;
  const future = forecast.timestampsMs.slice(skip);
  const timestampsMs = [...past, ...future];
  const after = (values: readonly number[]): (number | null)[] => [
    ...past.map(() => null),
    ...values.slice(skip),
  ];
  const line = (key: keyof ForecastNames, values: (number | null)[], style: SeriesStyle) => ({
    key,
    name: names[key],
    values,
    style,
  });
  const actual = [
    ...(measured.series[0]?.values ?? past.map(() => null)),
    ...future.map(() => null),
  ];
  const bound: SeriesStyle = { colour: "--forecast-bound", dash: [2, 3], widthPx: 1 };
  const series = [
    line("actual", actual, { colour: "--quantile-99", dash: [], widthPx: 1.75 }),
    line("forecast", after(forecast.mean), { colour: "--forecast", dash: [6, 4], widthPx: 1.75 }),
    { ...line("upper", after(forecast.upper), bound), isBound: true },
    { ...line("lower", after(forecast.lower), bound), isBound: true },
  ];
  const endMs = Math.max(frame.range.endMs, timestampsMs.at(-1) ?? 0);
  const range = { startMs: frame.range.startMs, endMs };
  return {
    ...framedModel({ ...frame, range }, { timestampsMs, series, marks: [], gridEndMs: endMs }),
    bands: [{ upper: "upper", lower: "lower", colour: "--forecast-band" }],
    forecastFromMs: future[0] === undefined ? null : lastPastMs,
  };
}

/** The marks of episodes on the chart of their signal, or of their service. */
export function episodeMarks(
  episodes: readonly AnomalyEpisode[],
  label: (episode: AnomalyEpisode) => string,
  name: (episode: AnomalyEpisode) => string,
): PlotMark[] {
  return episodes.map((episode) => ({
    key: episode.id,
    label: label(episode),
    name: name(episode),
    startMs: episode.startMs,
    endMs: episode.endMs ?? Number.POSITIVE_INFINITY,
  }));
}

interface PlotContent {
  readonly timestampsMs: readonly number[];
  readonly series: readonly PlotSeries[];
  readonly marks: readonly PlotMark[];
  readonly gridEndMs: number;
}

function framedModel(
  { title, unit, range }: PlotFrame,
  { timestampsMs, series, marks, gridEndMs }: PlotContent,
): PlotModel {
  return {
    title,
    unit,
    timestampsMs,
    series,
    marks,
    ...range,
    bands: [],
    forecastFromMs: null,
    pendingFromMs: range.endMs > gridEndMs ? gridEndMs : null,
  };
}
