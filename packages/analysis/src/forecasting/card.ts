import { requireInteger } from "../analysis-error.ts";
import { mean } from "../statistics/moments.ts";
import { differenceOnce } from "./arima/differencing.ts";
import type { Forecaster } from "./forecaster.ts";
import { gaussianFit, insufficientHistory, meanSquare, trainingValues } from "./gaussian-model.ts";
import { medianProfile } from "./naive/seasonal-median.ts";
import { designReach, type LagDesign, LagFeatures } from "./regression/lag-features.ts";
import { RidgeRegression } from "./regression/ridge.ts";

/** The season of the series, 1 for none. */
export interface CardOptions {
  readonly seasonSamples: number;
}

/** Growth of the Delta forecast fades by this factor a step (a season when there is one). */
const DAMPING = 0.9;
/** Shares of the largest and smallest changes left out of the mean growth. */
const TRIMMED_SHARE = 0.1;
/** Rho below this is estimated; above it the series is taken as a random walk. */
const UNIT_ROOT = 0.97;
/** Seasons that make up the profile of the Rho forecast. */
const PROFILE_SEASONS = 8;

/**
 * A calibrated average in the manner of Doornik, Castle and Hendry's Card (International Journal of
 * Forecasting 36, 2020), which won the hourly series of M4: Delta repeats the last season with damped,
 * trimmed growth; Rho is an autoregression around the seasonal profile, a random walk when nearly one;
 * their average is appended to the series as if it had been seen, a regression on lags and profile is
 * estimated on the whole, and its fitted values over the new part are the forecast. Our own reading of
 * the idea, not the authors' software.
 */
export function card(options: CardOptions): Forecaster {
  const { seasonSamples } = options;
  requireInteger("seasonSamples", seasonSamples, 1);
  const needed = Math.max(8, 3 * seasonSamples + 2);
  return {
    name: "card",
    fit(series) {
      const values = trainingValues(series);
      if (values.length < needed) return insufficientHistory(needed);
      const errors = differenceOnce(values, seasonSamples);
      const sigma2 = meanSquare(errors);
      const residuals = new Float64Array(values.length).fill(Number.NaN);
      residuals.set(errors, seasonSamples);
      return gaussianFit({
        name: `Card [${seasonSamples}]`,
        parameters: { sigma2 },
        residuals,
        path: (horizon) => ({
          mean: calibrate(values, average(values, seasonSamples, horizon), seasonSamples),
          variance: Float64Array.from(
            { length: horizon },
            (_, step) => sigma2 * (1 + Math.floor(step / seasonSamples)),
          ),
        }),
      });
    },
  };
}

function average(values: Float64Array, seasonSamples: number, horizon: number): Float64Array {
  const delta = deltaForecast(values, seasonSamples, horizon);
  const rho = rhoForecast(values, seasonSamples, horizon);
  return delta.map((value, step) => (value + rho[step]!) / 2);
}

/** The last season, each time with one more, smaller, mean growth. */
function deltaForecast(values: Float64Array, seasonSamples: number, horizon: number): Float64Array {
  const growth = trimmedMean(differenceOnce(values, seasonSamples));
  const first = values.length - seasonSamples;
  return Float64Array.from({ length: horizon }, (_, step) => {
    const seasons = Math.floor(step / seasonSamples) + 1;
    const grown = (DAMPING * (1 - DAMPING ** seasons)) / (1 - DAMPING);
    return values[first + (step % seasonSamples)]! + growth * grown;
  });
}

/** A first order autoregression of the distance from the profile. */
function rhoForecast(values: Float64Array, seasonSamples: number, horizon: number): Float64Array {
  const count = values.length;
  const isSeasonal = seasonSamples > 1;
  const windowSeasons = PROFILE_SEASONS;
  const profile = isSeasonal
    ? medianProfile(values, { seasonSamples, windowSeasons })
    : new Float64Array([mean(values)]);
  const offset = count % seasonSamples;
  const distance = values.map((value, i) => {
    return value - profile[(i - offset + seasonSamples) % seasonSamples]!;
  });
  let shared = 0;
  let squares = 0;
  for (let i = 1; i < count; i++) {
    shared += distance[i]! * distance[i - 1]!;
    squares += distance[i - 1]! ** 2;
  }
  const estimate = squares > 0 ? shared / squares : 0;
  const rho = estimate > UNIT_ROOT ? 1 : Math.max(0, estimate);
  const last = distance[count - 1]!;
  return Float64Array.from({ length: horizon }, (_, step) => {
    return profile[step % seasonSamples]! + last * rho ** (step + 1);
  });
}

function trimmedMean(values: Float64Array): number {
  const ascending = values.toSorted();
  const cut = Math.floor(TRIMMED_SHARE * ascending.length);
  return mean(ascending.subarray(cut, ascending.length - cut));
}

/** Fitted values, over the appended part, of a regression estimated on both parts. */
function calibrate(
  values: Float64Array,
  appended: Float64Array,
  seasonSamples: number,
): Float64Array {
  const extended = new Float64Array(values.length + appended.length);
  extended.set(values);
  extended.set(appended, values.length);
  const design: LagDesign =
    seasonSamples > 1
      ? { anchor: seasonSamples, changes: [1], levels: [], profiles: [1, seasonSamples] }
      : { anchor: 1, changes: [1], levels: [], profiles: [1] };
  const features = new LagFeatures(design, extended, extended.length);
  const regression = new RidgeRegression(features.size);
  const row = new Float64Array(features.size);
  for (let t = designReach(design); t < extended.length; t++) {
    features.fill(row, t, true);
    regression.add(row, extended[t]! - extended[t - design.anchor]!);
  }
  const coefficients = regression.solve();
  return appended.map((_, step) => {
    const t = values.length + step;
    features.fill(row, t, true);
    const change = coefficients.reduce((sum, weight, i) => sum + weight * row[i]!, 0);
    return extended[t - design.anchor]! + change;
  });
}
