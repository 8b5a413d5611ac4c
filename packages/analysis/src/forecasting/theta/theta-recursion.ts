import { trendLine } from "./trend-line.ts";

/** Level, and the running mean and trend line, after `count` samples. */
interface ThetaState {
  readonly count: number;
  readonly level: number;
  readonly mean: number;
  readonly intercept: number;
  readonly slope: number;
}

/**
 * The state space form of Fiorucci et al. (2016), equations 14 to 21. A point of the search is the
 * starting level, alpha and theta.
 */
export class ThetaRecursion {
  readonly errors: Float64Array;
  private readonly values: Float64Array;
  private readonly isDynamic: boolean;
  private readonly line: { intercept: number; slope: number };
  private last: ThetaState = { count: 0, level: 0, mean: 0, intercept: 0, slope: 0 };

  constructor(values: Float64Array, isDynamic: boolean) {
    this.values = values;
    this.isDynamic = isDynamic;
    this.errors = new Float64Array(values.length);
    this.line = trendLine(values);
  }

  /** Runs over the samples, keeps the errors, returns the sum of squares after `skipped` errors. */
  run(point: Float64Array, skipped: number): number {
    const { values, errors, isDynamic, line } = this;
    const alpha = point[1]!;
    const weight = 1 - 1 / point[2]!;
    let level = point[0]!;
    let mean = 0;
    let slope = isDynamic ? 0 : line.slope;
    let intercept = isDynamic ? values[0]! : line.intercept;
    let fade = 1;
    let squares = 0;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      const next = fade * (1 - alpha);
      const forecast = level + weight * (fade * intercept + ((1 - next) / alpha) * slope);
      fade = next;
      const error = value - (i === 0 && isDynamic ? value : forecast);
      errors[i] = error;
      if (i >= skipped) squares += error * error;
      level = alpha * value + (1 - alpha) * level;
      if (isDynamic) {
        const count = i + 1;
        if (i > 0) slope = ((count - 2) * slope + (6 * (value - mean)) / count) / (count + 1);
        mean += (value - mean) / count;
        intercept = mean - (slope * (count + 1)) / 2;
      }
    }
    this.last = { count: values.length, level, mean, intercept, slope };
    return squares;
  }

  /** The state after the last run. */
  end(): ThetaState {
    return this.last;
  }

  /** Forecasts that feed back into level and trend line as if they had been seen. */
  continueFrom(end: ThetaState, point: Float64Array, horizon: number): Float64Array {
    const alpha = point[1]!;
    const weight = 1 - 1 / point[2]!;
    let { count, level, mean, intercept, slope } = end;
    let fade = (1 - alpha) ** count;
    return Float64Array.from({ length: horizon }, () => {
      const next = fade * (1 - alpha);
      const forecast = level + weight * (fade * intercept + ((1 - next) / alpha) * slope);
      fade = next;
      level = alpha * forecast + (1 - alpha) * level;
      count++;
      if (this.isDynamic) {
        slope = ((count - 2) * slope + (6 * (forecast - mean)) / count) / (count + 1);
        mean += (forecast - mean) / count;
        intercept = mean - (slope * (count + 1)) / 2;
      }
      return forecast;
    });
  }
}
