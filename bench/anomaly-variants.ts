import { createRandom } from "@avx/analysis";
import type { SeriesLine } from "./anomaly-series.ts";

/**
 * The same series, slightly different: a detector whose limits just catch or just miss something
 * does well on one and badly on another. Nine of them, the first as it is.
 */
export const VARIANTS: Readonly<Record<string, (line: SeriesLine) => SeriesLine>> = {
  asItIs: (line) => line,
  without100: (line) => withoutFirst(line, 100),
  without217: (line) => withoutFirst(line, 217),
  without400: (line) => withoutFirst(line, 400),
  without600: (line) => withoutFirst(line, 600),
  upsideDown: (line) => mapped(line, (value) => -value),
  noiseOfRange: (line) => noisy(line, 0.005 * spreadOf(line).range, 7),
  noiseOfDeviation: (line) => noisy(line, 0.01 * spreadOf(line).deviation, 8),
  noiseAgain: (line) => noisy(line, 0.01 * spreadOf(line).deviation, 9),
};

function withoutFirst(line: SeriesLine, count: number): SeriesLine {
  const { t, v, windows, labels } = line;
  return {
    ...line,
    t: t.slice(count),
    v: v.slice(count),
    windows: windows
      .filter(([start]) => start >= count)
      .map(([start, end]) => [start - count, end - count] as const),
    ...(labels && {
      labels: labels.filter((index) => index >= count).map((index) => index - count),
    }),
  };
}

function mapped(line: SeriesLine, change: (value: number) => number): SeriesLine {
  return { ...line, v: line.v.map((value) => (value === null ? null : change(value))) };
}

function noisy(line: SeriesLine, deviation: number, seed: number): SeriesLine {
  const random = createRandom(seed);
  return mapped(line, (value) => value + deviation * random.normal());
}

function spreadOf({ v }: SeriesLine): { readonly range: number; readonly deviation: number } {
  const values = v.filter((value) => value !== null && Number.isFinite(value)) as number[];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const lowest = values.reduce((least, value) => Math.min(least, value));
  const highest = values.reduce((most, value) => Math.max(most, value));
  return { range: highest - lowest, deviation: Math.sqrt(squares / values.length) };
}
