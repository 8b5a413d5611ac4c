import type { GridAnswer } from "../data/prometheus.ts";
import { gridTimestamps } from "../data/prometheus.ts";
import type { PlotModel } from "./plot-model.ts";
import type { SeriesStyle } from "./series-style.ts";

/** Both bounds of what was expected: series by the label `signal`. */
export interface ExpectedBounds {
  readonly lower: GridAnswer;
  readonly upper: GridAnswer;
}

/** Names of the two lines in the legend. */
export interface BoundNames {
  readonly lower: string;
  readonly upper: string;
}

const BOUND: SeriesStyle = { colour: "--expected-bound", dash: [1, 3], widthPx: 1 };

/**
 * The chart with the band in which its signal was expected; as it is where none is known. No golden
 * signal is below 0, so neither is its band.
 */
export function withExpectedBand(
  model: PlotModel,
  signal: string,
  { bounds, names }: { readonly bounds: ExpectedBounds; readonly names: BoundNames },
): PlotModel {
  const lower = onTimes(bounds.lower, signal, model.timestampsMs);
  const upper = onTimes(bounds.upper, signal, model.timestampsMs);
  if (lower === null || upper === null) return model;
  const line = (key: keyof BoundNames, values: readonly (number | null)[]) => ({
    ...{ key: `expected-${key}`, name: names[key], values, style: BOUND, isBound: true },
  });
  return {
    ...model,
    series: [
      ...model.series,
      line(
        "lower",
        lower.map((value) => (value === null ? null : Math.max(0, value))),
      ),
      line("upper", upper),
    ],
    bands: [
      ...model.bands,
      { upper: "expected-upper", lower: "expected-lower", colour: "--expected-band" },
    ],
  };
}

/** The values of a signal at the times of a chart; `null` when there are none at all. */
function onTimes(
  { grid, series }: GridAnswer,
  signal: string,
  timestampsMs: readonly number[],
): readonly (number | null)[] | null {
  const values = series.find(({ labels }) => labels["signal"] === signal)?.values;
  if (values === undefined) return null;
  const byTime = new Map(gridTimestamps(grid).map((timeMs, i) => [timeMs, values[i] ?? null]));
  const placed = timestampsMs.map((timeMs) => byTime.get(timeMs) ?? null);
  return placed.every((value) => value === null) ? null : placed;
}
