import { requireInteger } from "../analysis-error.ts";
import { type EtsFit, fitEts } from "./ets/ets-fit.ts";
import { etsModel } from "./ets/ets-model.ts";
import { countEtsParameters, type EtsSpec, etsName } from "./ets/ets-spec.ts";
import type { Forecaster } from "./forecaster.ts";
import { insufficientHistory, trainingValues } from "./gaussian-model.ts";

/** What the choice may take. */
export interface AutoEtsOptions {
  /** 1 (default) for none; longer than `MAX_SEASON` is treated as none, as in R. */
  readonly seasonSamples?: number;
  /** Refuses multiplicative errors and seasons, which can explode on spiky series. */
  readonly isAdditiveOnly?: boolean;
}

const MIN_SAMPLES = 5;
/** R's limit: with more states the starting terms can no longer be told from noise. */
const MAX_SEASON = 24;
/** Up to here the starting seasonal terms are part of the search. */
const MAX_ESTIMATED_SEASON = 4;
const EVALUATIONS_PER_MODEL = 300;
/** A standard deviation this many times the range of the training samples is an explosion. */
const MAX_DEVIATION_RANGES = 10;
const GUARDED_HORIZON = 24;

/**
 * Exponential smoothing with error, trend and season chosen by the corrected Akaike criterion
 * (Hyndman, Koehler, Snyder and Grose 2002; R: `ets`). Multiplicative parts are tried only when every
 * value is above 0, and a model whose forecast variance explodes is passed over.
 */
export function autoEts(options: AutoEtsOptions = {}): Forecaster {
  const { seasonSamples = 1, isAdditiveOnly = false } = options;
  requireInteger("seasonSamples", seasonSamples, 1);
  return {
    name: "auto-ets",
    fit(series) {
      const values = trainingValues(series);
      if (values.length < MIN_SAMPLES) return insufficientHistory(MIN_SAMPLES);
      const isAdditive = isAdditiveOnly || values.some((value) => value <= 0);
      const best = chooseEts(values, candidateSpecs(values.length, seasonSamples, isAdditive));
      return best === undefined
        ? insufficientHistory(MIN_SAMPLES)
        : etsModel(etsName(best.spec), best, values);
    },
  };
}

/** The best fit by AICc among those that are sound; `undefined` when none is. */
function chooseEts(values: Float64Array, specs: readonly EtsSpec[]): EtsFit | undefined {
  let best: EtsFit | undefined;
  const options = {
    maxEvaluations: EVALUATIONS_PER_MODEL,
    maxEstimatedSeason: MAX_ESTIMATED_SEASON,
  };
  for (const spec of specs) {
    const fit = fitEts(values, spec, options);
    if (!Number.isFinite(fit.sigma2) || explodes(fit, values)) continue;
    if (best === undefined || fit.aicc < best.aicc) best = fit;
  }
  return best;
}

/** Every admissible model that leaves at least one degree of freedom for AICc. */
export function candidateSpecs(
  count: number,
  seasonSamples: number,
  isAdditive: boolean,
): EtsSpec[] {
  const hasSeason = seasonSamples > 1 && seasonSamples <= MAX_SEASON && count > 2 * seasonSamples;
  const seasons = hasSeason ? (["N", "A", "M"] as const) : (["N"] as const);
  const specs: EtsSpec[] = [];
  for (const season of seasons) {
    for (const [trend, isDamped] of TRENDS) {
      for (const error of ["A", "M"] as const) {
        if (isAdditive && (error === "M" || season === "M")) continue;
        if (error === "A" && season === "M") continue;
        const length = season === "N" ? 1 : seasonSamples;
        const spec: EtsSpec = { error, trend, isDamped, season, seasonSamples: length };
        if (count > countEtsParameters(spec) + 1) specs.push(spec);
      }
    }
  }
  return specs;
}

const TRENDS = [
  ["N", false],
  ["A", false],
  ["A", true],
] as const;

/** Whether a relative error compounds to a deviation far beyond anything seen. */
function explodes(fit: EtsFit, values: Float64Array): boolean {
  if (fit.spec.error === "A") return false;
  let low = values[0]!;
  let high = low;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const growth = (1 + fit.sigma2 * fit.parameters.alpha ** 2) ** GUARDED_HORIZON - 1;
  const deviation = Math.abs(fit.state.level) * Math.sqrt(growth + fit.sigma2);
  return !(deviation <= MAX_DEVIATION_RANGES * (high - low));
}
