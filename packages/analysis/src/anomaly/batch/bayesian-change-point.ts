import { requirePositive } from "../../analysis-error.ts";
import { logGamma } from "../../statistics/log-gamma.ts";

/** What is believed before the first sample. */
export interface BayesianChangePointOptions {
  /** Samples between changes, on average; 250 by default. */
  readonly meanRunSamples?: number;
  /** Expected level and scale of the values. */
  readonly mean: number;
  readonly standardDeviation: number;
}

/** Belief about the current run after a sample. */
export interface RunBelief {
  /** The most probable number of samples since the last change, this one included. */
  readonly likelyRunSamples: number;
  /** Probability that the last change was within the latest five samples. */
  readonly recentChange: number;
}

/** Samples within which a change counts as recent. */
const RECENT_SAMPLES = 5;

/** Runs less probable than this are dropped, which keeps the work per sample bounded in practice. */
const SMALLEST_PROBABILITY = 1e-8;

/** Runs followed at most, the most probable ones: a bound for adversarial input. */
const MOST_RUNS = 1000;

/** One hypothesis: how long the run is, how probable, and what it has seen. */
interface Run {
  readonly samples: number;
  readonly probability: number;
  readonly mean: number;
  readonly kappa: number;
  readonly alpha: number;
  readonly beta: number;
}

/**
 * Bayesian online change-point detection (Adams and MacKay 2007) for normal values of unknown mean
 * and variance, with a constant hazard. Streaming; each value must be finite.
 */
export function createBayesianChangePoint(options: BayesianChangePointOptions): {
  push(value: number): RunBelief;
} {
  const { meanRunSamples = 250, mean, standardDeviation } = options;
  requirePositive("meanRunSamples", meanRunSamples);
  requirePositive("standardDeviation", standardDeviation);
  const hazard = 1 / Math.max(meanRunSamples, 1);
  const prior = { samples: 0, mean, kappa: 0.01, alpha: 1, beta: standardDeviation ** 2 };
  let runs: Run[] = [{ ...prior, probability: 1 }];
  return {
    push(value) {
      const grown: Run[] = [];
      let changed = 0;
      let total = 0;
      for (const run of runs) {
        const joint = run.probability * predictiveDensity(run, value);
        total += joint;
        changed += joint * hazard;
        grown.push({ ...learn(run, value), probability: joint * (1 - hazard) });
      }
      // Values so far off that every density is 0 end every run.
      if (!(total > 0)) runs = [{ ...prior, probability: 1 }];
      else runs = prune([{ ...prior, probability: changed }, ...grown], total);
      return beliefOf(runs);
    },
  };
}

function prune(runs: readonly Run[], total: number): Run[] {
  const likely = runs
    .map((run) => ({ ...run, probability: run.probability / total }))
    .filter(({ probability }) => probability > SMALLEST_PROBABILITY);
  if (likely.length <= MOST_RUNS) return likely;
  return likely.toSorted((a, b) => b.probability - a.probability).slice(0, MOST_RUNS);
}

function beliefOf(runs: readonly Run[]): RunBelief {
  const likely = runs.reduce((best, run) => (run.probability > best.probability ? run : best));
  const recent = runs.filter(({ samples }) => samples <= RECENT_SAMPLES);
  return {
    likelyRunSamples: likely.samples,
    recentChange: Math.min(
      1,
      recent.reduce((sum, { probability }) => sum + probability, 0),
    ),
  };
}

/** Normal-inverse-gamma update (Murphy 2007, equations 85 to 89). */
function learn(run: Run, value: number): Omit<Run, "probability"> {
  const kappa = run.kappa + 1;
  return {
    samples: run.samples + 1,
    mean: (run.kappa * run.mean + value) / kappa,
    kappa,
    alpha: run.alpha + 0.5,
    beta: run.beta + (run.kappa * (value - run.mean) ** 2) / (2 * kappa),
  };
}

/** Student's t with 2 alpha degrees of freedom (Murphy 2007, equation 110). */
function predictiveDensity(run: Run, value: number): number {
  const freedom = 2 * run.alpha;
  const scaleSquared = (run.beta * (run.kappa + 1)) / (run.alpha * run.kappa);
  const distance = (value - run.mean) ** 2 / scaleSquared;
  const log =
    logGamma((freedom + 1) / 2) -
    logGamma(freedom / 2) -
    0.5 * Math.log(freedom * Math.PI * scaleSquared) -
    ((freedom + 1) / 2) * Math.log1p(distance / freedom);
  return Math.exp(log);
}
