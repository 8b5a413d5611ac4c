import { AnalysisError, requireInteger } from "../../analysis-error.ts";
import { Loess, type LoessOptions } from "./loess.ts";
import { movingMean } from "./moving-mean.ts";
import { bisquareWeights } from "./robustness-weights.ts";

/** A series as the sum of its parts; all of the same length. */
export interface Decomposition {
  readonly trend: Float64Array;
  readonly seasonal: Float64Array;
  readonly remainder: Float64Array;
}

/** How STL smooths. */
export interface StlOptions {
  readonly seasonSamples: number;
  /** Seasons in the window of the seasonal smoother, odd and at least 7; Infinity keeps it constant. */
  readonly seasonalWindow?: number;
  /** Down-weights outliers, at several times the cost. */
  readonly isRobust?: boolean;
}

const DEFAULT_SEASONAL_WINDOW = 11;
/** Passes as in R's `stl`: 2 inner ones, or 15 outer ones of 1 inner (fewer leave outliers in). */
const PLAIN_PASSES = { inner: 2, outer: 0 };
const ROBUST_PASSES = { inner: 1, outer: 15 };
/** A window that long makes each seasonal sub-series its mean. */
const PERIODIC_FACTOR = 10;

/**
 * Seasonal-trend decomposition by loess (Cleveland, Cleveland, McRae and Terpenning, Journal of
 * Official Statistics 6, 1990). Needs two full seasons; throws `insufficient_data` on fewer.
 */
export function stl(values: Float64Array, options: StlOptions): Decomposition {
  const { seasonSamples } = options;
  requireInteger("seasonSamples", seasonSamples, 2);
  if (values.length < 2 * seasonSamples) {
    throw new AnalysisError("insufficient_data", {
      have: values.length,
      needed: 2 * seasonSamples,
    });
  }
  const smoother = new StlSmoother(values, options);
  const passes = options.isRobust ? ROBUST_PASSES : PLAIN_PASSES;
  for (let outer = 0; outer <= passes.outer; outer++) {
    for (let inner = 0; inner < passes.inner; inner++) smoother.pass();
    if (outer < passes.outer) smoother.reweigh();
  }
  return smoother.result();
}

class StlSmoother {
  private readonly values: Float64Array;
  private readonly period: number;
  private readonly loess: Loess;
  private readonly seasonalFit: LoessOptions;
  private readonly trendFit: LoessOptions;
  private readonly lowPassFit: LoessOptions;
  private readonly trend: Float64Array;
  private readonly seasonal: Float64Array;
  private readonly work: Float64Array;
  private readonly cycle: Float64Array;
  private robustness: Float64Array | undefined;

  constructor(values: Float64Array, options: StlOptions) {
    const count = values.length;
    const period = options.seasonSamples;
    const given = options.seasonalWindow ?? DEFAULT_SEASONAL_WINDOW;
    const isPeriodic = !Number.isFinite(given);
    const seasonalWindow = isPeriodic ? PERIODIC_FACTOR * count + 1 : given;
    this.values = values;
    this.period = period;
    this.loess = new Loess(count);
    this.seasonalFit = fit(seasonalWindow, 0);
    this.trendFit = fit(nextOdd((1.5 * period) / (1 - 1.5 / seasonalWindow)), 1);
    this.lowPassFit = fit(nextOdd(period), 1);
    this.trend = new Float64Array(count);
    this.seasonal = new Float64Array(count);
    this.work = new Float64Array(count);
    this.cycle = new Float64Array(count + 2 * period);
  }

  /** One inner pass: season from the detrended series, then trend from the deseasonalised one. */
  pass(): void {
    const { values, trend, seasonal, work, cycle, period } = this;
    for (let i = 0; i < values.length; i++) work[i] = values[i]! - trend[i]!;
    this.smoothCycles(work);
    const low = movingMean(movingMean(movingMean(cycle, period), period), 3);
    this.loess.smooth(low, { options: this.lowPassFit }, work);
    for (let i = 0; i < values.length; i++) {
      seasonal[i] = cycle[i + period]! - work[i]!;
      work[i] = values[i]! - seasonal[i]!;
    }
    this.loess.smooth(work, { options: this.trendFit, robustness: this.robustness }, trend);
  }

  /** Smooths the values of each phase and extends them by one season at both ends, into `cycle`. */
  private smoothCycles(detrended: Float64Array): void {
    const { period, loess, seasonalFit, cycle, robustness } = this;
    const { windowSamples, degree } = seasonalFit;
    for (let phase = 0; phase < period; phase++) {
      const length = Math.floor((detrended.length - 1 - phase) / period) + 1;
      const values = every(detrended, phase, { period, length });
      const weights = robustness && every(robustness, phase, { period, length });
      const smooth = new Float64Array(length);
      loess.smooth(values, { options: seasonalFit, robustness: weights }, smooth);
      const reach = Math.min(windowSamples, length);
      const head = { place: -1, first: 0, last: reach - 1, windowSamples, degree };
      const tail = {
        place: length,
        first: length - reach,
        last: length - 1,
        windowSamples,
        degree,
      };
      cycle[phase] = loess.fitAt(values, head, weights) ?? smooth[0]!;
      for (let k = 0; k < length; k++) cycle[phase + (k + 1) * period] = smooth[k]!;
      cycle[phase + (length + 1) * period] =
        loess.fitAt(values, tail, weights) ?? smooth[length - 1]!;
    }
  }

  reweigh(): void {
    this.robustness = bisquareWeights(this.result().remainder);
  }

  result(): Decomposition {
    const { values, trend, seasonal } = this;
    const remainder = values.map((value, i) => value - trend[i]! - seasonal[i]!);
    return { trend, seasonal, remainder };
  }
}

function every(
  values: Float64Array,
  phase: number,
  { period, length }: { period: number; length: number },
): Float64Array {
  const picked = new Float64Array(length);
  for (let k = 0; k < length; k++) picked[k] = values[phase + k * period]!;
  return picked;
}

function fit(windowSamples: number, degree: 0 | 1): LoessOptions {
  return { windowSamples, degree, jump: Math.ceil(windowSamples / 10) };
}

/** The smallest odd whole number that is not smaller. */
function nextOdd(value: number): number {
  const whole = Math.ceil(value);
  return whole % 2 === 0 ? whole + 1 : whole;
}
