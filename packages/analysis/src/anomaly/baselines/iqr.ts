import { AnalysisError, requireInteger, requirePositive } from "../../analysis-error.ts";
import { quantileOfSorted } from "../../statistics/quantile.ts";
import { lowerBound } from "../../time-series.ts";
import { createHistoryDetector, type Detector, type HistoryModel } from "../detector.ts";

/** Tuning of the interquartile-range baseline. */
export interface IqrOptions {
  /** Interquartile ranges beyond a quartile above which a sample is anomalous; 1.5 by default. */
  readonly threshold?: number;
  /** Samples of history that count, the latest; 1000 by default. */
  readonly windowSamples?: number;
  /** Samples before the first judgement; 10 by default, at least 4. */
  readonly minimumSamples?: number;
}

/**
 * Distance beyond the nearer quartile of the samples before it, in their interquartile ranges
 * (Tukey's fences, 1977; quartiles of type 7). 0 between the quartiles. A named baseline.
 */
export function createIqrDetector(options: IqrOptions = {}): Detector {
  const { threshold = 1.5, windowSamples = 1000, minimumSamples = 10 } = options;
  requirePositive("threshold", threshold);
  requireInteger("minimumSamples", minimumSamples, 4);
  requireInteger("windowSamples", windowSamples, 4);
  if (windowSamples < minimumSamples) {
    const reason = `must be at least minimumSamples (${minimumSamples})`;
    throw new AnalysisError("invalid_parameter", { parameter: "windowSamples", reason });
  }
  const createModel = () => iqrModel({ threshold, windowSamples, minimumSamples });
  return createHistoryDetector({ type: "Iqr", threshold, createModel });
}

function iqrModel(options: Required<IqrOptions>): HistoryModel {
  const window = new SortedWindow(options.windowSamples);
  return {
    judge(value) {
      if (window.ascending.length < options.minimumSamples) return undefined;
      const lowerQuartile = quantileOfSorted(window.ascending, 0.25);
      const upperQuartile = quantileOfSorted(window.ascending, 0.75);
      const range = upperQuartile - lowerQuartile;
      const beyond = Math.max(0, lowerQuartile - value, value - upperQuartile);
      return {
        score: beyond === 0 ? 0 : beyond / range,
        expectedLower: lowerQuartile - options.threshold * range,
        expectedUpper: upperQuartile + options.threshold * range,
      };
    },
    learn: (value) => window.add(value),
  };
}

/** The latest values in ascending order; one insertion moves at most the whole window. */
class SortedWindow {
  readonly #ordered: Float64Array;
  readonly #arrivals: Float64Array;
  #count = 0;

  constructor(capacity: number) {
    this.#ordered = new Float64Array(capacity);
    this.#arrivals = new Float64Array(capacity);
  }

  get ascending(): Float64Array {
    return this.#ordered.subarray(0, Math.min(this.#count, this.#ordered.length));
  }

  add(value: number): void {
    const slot = this.#count % this.#arrivals.length;
    const isFull = this.#count >= this.#arrivals.length;
    const removed = isFull
      ? lowerBound(this.#ordered, this.#arrivals[slot]!)
      : this.ascending.length;
    this.#ordered.copyWithin(removed, removed + 1, this.ascending.length);
    const remaining = isFull ? this.#arrivals.length - 1 : removed;
    const position = lowerBound(this.#ordered.subarray(0, remaining), value);
    this.#ordered.copyWithin(position + 1, position, remaining);
    this.#ordered[position] = value;
    this.#arrivals[slot] = value;
    this.#count++;
  }
}
