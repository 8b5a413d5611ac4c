import { requireInteger } from "../../analysis-error.ts";
import type { Forecaster } from "../forecaster.ts";
import { gaussianFit, insufficientHistory, meanSquare, trainingValues } from "../gaussian-model.ts";
import { selectMedian } from "./select-median.ts";

/** Which samples share a phase, and how many of the newest count. */
export interface SeasonalMedianOptions {
  readonly seasonSamples: number;
  /** Newest seasons whose median is taken; fewer when the series has fewer. */
  readonly windowSeasons: number;
  /** Samples on each side of the phase that count too: 0 by default. */
  readonly neighbours?: number;
}

/**
 * The median of the same phase in the newest seasons, with its neighbours: a seasonal naive that a
 * spike or an outage of one day does not carry into the next (Greykite's Silverkite and StatsForecast
 * call the mean of the same samples a seasonal window average).
 */
export function seasonalMedian(options: SeasonalMedianOptions): Forecaster {
  const { seasonSamples, windowSeasons, neighbours = 0 } = options;
  requireInteger("seasonSamples", seasonSamples, 1);
  requireInteger("windowSeasons", windowSeasons, 1);
  requireInteger("neighbours", neighbours, 0);
  return {
    name: `seasonal-median-${seasonSamples}x${windowSeasons}`,
    fit(series) {
      const values = trainingValues(series);
      if (values.length < seasonSamples) return insufficientHistory(seasonSamples);
      const profile = medianProfile(values, { seasonSamples, windowSeasons, neighbours });
      const first = values.length % seasonSamples;
      const residuals = values.map((value, i) => {
        return value - profile[(i - first + seasonSamples) % seasonSamples]!;
      });
      const sigma2 = meanSquare(residuals);
      return gaussianFit({
        name: `Seasonal median [${seasonSamples}] of ${windowSeasons}`,
        parameters: { sigma2 },
        residuals,
        path: (horizon) => ({
          mean: Float64Array.from({ length: horizon }, (_, step) => profile[step % seasonSamples]!),
          variance: new Float64Array(horizon).fill(sigma2),
        }),
      });
    },
  };
}

/** The median of each phase of the season, the phase of the next sample first. */
export function medianProfile(
  values: Float64Array,
  { seasonSamples, windowSeasons, neighbours = 0 }: SeasonalMedianOptions,
): Float64Array {
  const seasons = Math.min(windowSeasons, Math.floor(values.length / seasonSamples));
  const oldest = values.length - seasons * seasonSamples;
  const picked = new Float64Array(seasons * (2 * neighbours + 1));
  return Float64Array.from({ length: seasonSamples }, (_, phase) => {
    let count = 0;
    for (let season = 0; season < seasons; season++) {
      const centre = oldest + season * seasonSamples + phase;
      const end = Math.min(values.length - 1, centre + neighbours);
      for (let i = Math.max(0, centre - neighbours); i <= end; i++) picked[count++] = values[i]!;
    }
    return selectMedian(picked, count);
  });
}
