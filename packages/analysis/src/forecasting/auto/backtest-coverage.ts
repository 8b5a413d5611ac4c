import type { PastForecast } from "./combined-forecast.ts";
import { conformalInterval, type IntervalRequest } from "./conformal-interval.ts";

/**
 * Share of the backtested samples that lay within the interval of `level`, as a ratio. Each past
 * forecast gets the interval that could have been put around it then: learnt from the samples before
 * its origin and from those errors of older forecasts that were known by then. `NaN` without a past
 * forecast.
 */
export function backtestCoverage({
  values,
  past,
  seasonSamples,
  level,
}: Omit<IntervalRequest, "mean">): number {
  let held = 0;
  let steps = 0;
  for (const { trained, mean } of past) {
    const { lower, upper } = conformalInterval({
      values: values.subarray(0, trained),
      mean,
      past: knownAt(past, trained),
      seasonSamples,
      level,
    });
    for (let step = 0; step < mean.length; step++) {
      const value = values[trained + step]!;
      if (value >= lower[step]! && value <= upper[step]!) held++;
    }
    steps += mean.length;
  }
  return steps > 0 ? held / steps : Number.NaN;
}

/** The older forecasts, cut where their samples had not come yet. */
function knownAt(past: readonly PastForecast[], now: number): PastForecast[] {
  return past
    .filter(({ trained }) => trained < now)
    .map(({ trained, mean }) => ({ trained, mean: mean.subarray(0, now - trained) }));
}
