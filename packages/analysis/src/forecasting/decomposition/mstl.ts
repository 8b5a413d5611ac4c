import { type Decomposition, stl } from "./stl.ts";

/** The parts of a series with several seasons, shortest season first. */
export interface MultipleDecomposition {
  readonly trend: Float64Array;
  readonly seasonals: readonly Float64Array[];
  /** Season lengths in samples, in the order of `seasonals`; those too long for the series are gone. */
  readonly seasonSamples: readonly number[];
  readonly remainder: Float64Array;
}

/** How MSTL decomposes. */
export interface MstlOptions {
  readonly seasonSamples: readonly number[];
  readonly isRobust?: boolean;
  /** Seasons in the window of each seasonal smoother; by default 11, 15, 19, … as in R. */
  readonly seasonalWindow?: number;
}

const ITERATIONS = 2;

/**
 * Decomposes several seasons by turns of STL (Bandara, Hyndman and Bergmeir, arXiv 2107.13462).
 * Seasons of which the series has fewer than two are left out; with none left the trend is a running
 * line and the rest is remainder.
 */
export function mstl(values: Float64Array, options: MstlOptions): MultipleDecomposition {
  const seasons = usableSeasons(values.length, options.seasonSamples);
  if (seasons.length === 0) {
    const trend = Float64Array.from(values);
    return { trend, seasonals: [], seasonSamples: [], remainder: new Float64Array(values.length) };
  }
  const seasonals = seasons.map(() => new Float64Array(values.length));
  const deseasonalised = Float64Array.from(values);
  let last: Decomposition | undefined;
  const rounds = seasons.length > 1 ? ITERATIONS : 1;
  for (let round = 0; round < rounds; round++) {
    for (const [i, seasonSamples] of seasons.entries()) {
      const seasonal = seasonals[i]!;
      for (let t = 0; t < values.length; t++) deseasonalised[t]! += seasonal[t]!;
      last = stl(deseasonalised, {
        seasonSamples,
        seasonalWindow: options.seasonalWindow ?? 7 + 4 * (i + 1),
        isRobust: options.isRobust ?? false,
      });
      seasonal.set(last.seasonal);
      for (let t = 0; t < values.length; t++) deseasonalised[t]! -= seasonal[t]!;
    }
  }
  const trend = last!.trend; // at least one season, so the loop ran
  const remainder = deseasonalised.map((value, t) => value - trend[t]!);
  return { trend, seasonals, seasonSamples: seasons, remainder };
}

/** Distinct seasons that fit twice into `count` samples, ascending. */
export function usableSeasons(count: number, seasonSamples: readonly number[]): number[] {
  return [...new Set(seasonSamples)]
    .filter((length) => length >= 2 && 2 * length <= count)
    .sort((a, b) => a - b);
}
