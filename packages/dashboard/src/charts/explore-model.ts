import { promqlLabel } from "../data/builder-query.ts";
import { type GridAnswer, gridTimestamps, promqlString } from "../data/prometheus.ts";
import type { PlotModel, PlotSeries } from "./plot-model.ts";
import { highestIndex } from "./plot-model.ts";
import { rankedStyle, type SeriesStyle, serviceStyle } from "./series-style.ts";
import type { PlotFrame } from "./signal-models.ts";

/** Lines that are drawn; beyond them a chart is a carpet, and the table has the rest. */
export const MAX_LINES = 40;

/** A series as PromQL writes it: `name{a="b"}`, or its labels alone. */
export function seriesName(labels: Readonly<Record<string, string>>): string {
  const { __name__: name = "", ...rest } = labels;
  const pairs = Object.entries(rest).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.length === 0 && name !== "" ? name : `${name}{${pairs.join(", ")}}`;
}

/** An earlier answer, how far back it lies, and the name of one of its lines. */
export interface EarlierAnswer {
  readonly answer: GridAnswer;
  readonly nameOf: (name: string) => string;
}

/** The lines of any range query, the highest first, over those of an earlier time when given. */
export function exploreModel(
  frame: PlotFrame,
  answer: GridAnswer,
  earlier: EarlierAnswer | null,
): PlotModel {
  const lines = namedLines(answer, lineExpressions(frame.title, answer));
  const before = earlier === null ? [] : namedLines(earlier.answer, () => null);
  const faded = before.map(
    (line): PlotSeries => ({
      ...line,
      key: `earlier ${line.key}`,
      name: earlier?.nameOf(line.name) ?? line.name,
      style: { ...line.style, dash: [2, 3], widthPx: 1 },
    }),
  );
  return {
    title: frame.title,
    unit: frame.unit,
    timestampsMs: gridTimestamps(answer.grid),
    series: [...lines, ...faded],
    bands: [],
    marks: [],
    ...frame.range,
    forecastFromMs: null,
    pendingFromMs: frame.range.endMs > answer.grid.endMs ? answer.grid.endMs : null,
  };
}

type ExpressionOf = (labels: Readonly<Record<string, string>>) => string | null;

function namedLines(answer: GridAnswer, expressionOf: ExpressionOf): PlotSeries[] {
  const peak = (values: readonly (number | null)[]): number => values[highestIndex(values)] ?? 0;
  const styleOf = lineStyles(answer);
  return answer.series
    .map(({ labels, values }) => ({ labels, values, peak: peak(values) }))
    .sort((a, b) => b.peak - a.peak)
    .slice(0, MAX_LINES)
    .map(({ labels, values }) => {
      const name = seriesName(labels);
      const line = { key: name, name, values, style: styleOf(labels) };
      const expression = expressionOf(labels);
      return expression === null ? line : { ...line, expression };
    });
}

/**
 * What has one line of an answer alone: the expression where its labels are those of the line. Lines
 * that differ in nothing but the metric's name cannot be told apart so.
 */
export function lineExpressions(expression: string, { series }: GridAnswer): ExpressionOf {
  if (series.length === 1) return () => expression;
  const names = [...new Set(series.flatMap(({ labels }) => Object.keys(labels)))].filter(
    (name) => name !== "__name__",
  );
  const valuesOf = (labels: Readonly<Record<string, string>>): string =>
    JSON.stringify(names.map((name) => labels[name] ?? ""));
  if (new Set(series.map(({ labels }) => valuesOf(labels))).size < series.length) return () => null;
  const on = names.map(promqlLabel).join(", ");
  return (labels) => {
    const wanted = names.reduce((vector, name) => {
      // `$` would name a group of the regular expression.
      const value = promqlString((labels[name] ?? "").replaceAll("$", "$$$$"));
      return `label_replace(${vector}, ${promqlString(name)}, ${value}, "", "")`;
    }, "vector(1)");
    return `(${expression}) and on (${on}) ${wanted}`;
  };
}

type StyleOf = (labels: Readonly<Record<string, string>>) => SeriesStyle;

/** One line a service: its colour of every page. Else hues in the order of the names. */
function lineStyles({ series }: GridAnswer): StyleOf {
  const services = new Set(series.map(({ labels }) => labels["service_name"]));
  if (!services.has(undefined) && services.size === series.length)
    return (labels) => serviceStyle(labels["service_name"] ?? "");
  const names = series.map(({ labels }) => seriesName(labels)).sort();
  const ranks = new Map(names.map((name, rank) => [name, rank]));
  return (labels) => rankedStyle(ranks.get(seriesName(labels)) ?? 0);
}
