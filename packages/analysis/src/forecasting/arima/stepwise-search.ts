import { type ArimaFit, arimaNeededSamples, fitArima } from "./arima-fit.ts";
import type { FullOrder } from "./arima-order.ts";
import { countDifferences, countSeasonalDifferences } from "./differences.ts";
import { difference, differenceOnce } from "./differencing.ts";

/** Limits of R's `auto.arima`. */
const MAX_P = 5;
const MAX_SEASONAL = 2;
/** A longer season makes the state of the filter long and the search slow: take it out by STL. */
const MAX_SEASON = 12;
/** The step-wise search ends after this many fits in any case. */
const MAX_FITS = 30;

/**
 * The best fit by AICc found by the step-wise search, fitted by the conditional sum of squares.
 * `undefined` when the values are too few for every order.
 */
export function stepwiseArima(values: Float64Array, seasonSamples: number): ArimaFit | undefined {
  return new StepwiseSearch(values, seasonSamples).run();
}

class StepwiseSearch {
  private readonly values: Float64Array;
  private readonly skeleton: FullOrder;
  private readonly allowsMean: boolean;
  private readonly tried = new Set<string>();
  private best: ArimaFit | undefined;

  constructor(values: Float64Array, seasonSamples: number) {
    this.values = values;
    const season =
      seasonSamples <= MAX_SEASON && values.length > 3 * seasonSamples ? seasonSamples : 1;
    const D = countSeasonalDifferences(values, season);
    const d = countDifferences(D > 0 ? differenceOnce(values, season) : values);
    this.skeleton = {
      p: 0,
      d,
      q: 0,
      P: 0,
      D,
      Q: 0,
      seasonSamples: season,
      includesMean: d + D < 2,
    };
    this.allowsMean = d + D < 2;
  }

  run(): ArimaFit | undefined {
    const { skeleton } = this;
    const differenced = difference(this.values, skeleton);
    if (differenced.every((value) => value === differenced[0])) {
      this.tryOrder(skeleton);
      return this.best;
    }
    const season = skeleton.seasonSamples > 1 ? 1 : 0;
    this.tryOrder({ ...skeleton, p: 2, q: 2, P: season, Q: season });
    this.tryOrder(skeleton);
    this.tryOrder({ ...skeleton, p: 1, P: season });
    this.tryOrder({ ...skeleton, q: 1, Q: season });
    let before: ArimaFit | undefined;
    while (this.best !== undefined && this.best !== before && this.tried.size < MAX_FITS) {
      before = this.best;
      for (const order of neighbours(before.order, this.allowsMean)) {
        if (this.tried.size >= MAX_FITS) break;
        this.tryOrder(order);
      }
    }
    return this.best;
  }

  private tryOrder(order: FullOrder): void {
    const key = JSON.stringify(order);
    if (this.tried.has(key) || !isAllowed(order)) return;
    if (arimaNeededSamples(order) > this.values.length) return;
    this.tried.add(key);
    const fit = fitArima(this.values, order, { method: "css" });
    if (!Number.isFinite(fit.aicc) || hasUnitRoot(fit)) return;
    if (this.best === undefined || fit.aicc < this.best.aicc) this.best = fit;
  }
}

function isAllowed({ p, q, P, Q }: FullOrder): boolean {
  return Math.min(p, q, P, Q) >= 0 && Math.max(p, q) <= MAX_P && Math.max(P, Q) <= MAX_SEASONAL;
}

/** Orders one step away, as in the paper; seasonal steps only with a season. */
function neighbours(order: FullOrder, allowsMean: boolean): FullOrder[] {
  const steps: Partial<FullOrder>[] = [];
  const { p, q, P, Q } = order;
  if (order.seasonSamples > 1) {
    steps.push({ P: P - 1 }, { Q: Q - 1 }, { P: P + 1 }, { Q: Q + 1 });
    steps.push({ P: P - 1, Q: Q - 1 }, { P: P + 1, Q: Q + 1 });
  }
  steps.push({ p: p - 1 }, { q: q - 1 }, { p: p + 1 }, { q: q + 1 });
  steps.push({ p: p - 1, q: q - 1 }, { p: p + 1, q: q + 1 });
  if (allowsMean) steps.push({ includesMean: !order.includesMean });
  return steps.map((step) => ({ ...order, ...step }));
}

/** Partial autocorrelations that close to 1 mark a root next to the unit circle, as R rejects them. */
const NEAR_UNIT_PARTIAL = 0.99;

function hasUnitRoot({ point, order }: ArimaFit): boolean {
  const count = order.p + order.q + order.P + order.Q;
  return point.subarray(0, count).some((x) => Math.abs(Math.tanh(x)) > NEAR_UNIT_PARTIAL);
}
