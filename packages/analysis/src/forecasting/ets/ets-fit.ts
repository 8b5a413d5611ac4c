import { nelderMead } from "../optimisation/nelder-mead.ts";
import { runEts } from "./ets-recursion.ts";
import { countEtsParameters, type EtsParameters, type EtsSpec, type EtsState } from "./ets-spec.ts";
import { startingState } from "./ets-start.ts";

/** Parameters that the caller fixes; what is absent is estimated. */
export type EtsFixedParameters = Partial<EtsParameters>;

/** How much work a fit may do. */
export interface EtsFitOptions {
  readonly fixed?: EtsFixedParameters;
  readonly maxEvaluations?: number;
  /** Seasons up to this length have their starting terms estimated too; longer ones are taken. */
  readonly maxEstimatedSeason?: number;
  /** Keeps level and slope of the start as read from the first samples: steadier on short series. */
  readonly keepsStart?: boolean;
}

/** A fitted model, at the end of its training samples. */
export interface EtsFit {
  readonly spec: EtsSpec;
  readonly parameters: EtsParameters;
  readonly start: EtsState;
  readonly state: EtsState;
  /** One-step errors, relative when the error is multiplicative. */
  readonly errors: Float64Array;
  /** Variance of the errors: sum of squares over samples less estimated parameters. */
  readonly sigma2: number;
  readonly aicc: number;
}

/** Bounds of the usual region as in R's `ets`. */
const LOWEST = 1e-4;
const HIGHEST = 0.9999;
const LOWEST_PHI = 0.8;
const HIGHEST_PHI = 0.98;
const DEFAULT_EVALUATIONS = 2000;
const RELATIVE_TOLERANCE = 1e-8;

/** Fits by maximum likelihood with Nelder-Mead over parameters and starting states. */
export function fitEts(values: Float64Array, spec: EtsSpec, options: EtsFitOptions = {}): EtsFit {
  const start = startingState(values, spec);
  const layout = new EtsLayout(spec, start, options);
  const errors = new Float64Array(values.length);
  const count = values.length;
  const objective = (point: Float64Array): number => {
    const parameters = layout.parameters(point);
    if (!isUsual(spec, parameters)) return Number.POSITIVE_INFINITY;
    const state = layout.state(point);
    const sums = runEts(values, { spec, parameters, state }, errors);
    return count * Math.log(sums.squares + Number.MIN_VALUE) + 2 * sums.logForecasts;
  };
  const { point, value } = nelderMead(objective, layout.start(values), {
    steps: layout.steps(values),
    maxEvaluations: options.maxEvaluations ?? DEFAULT_EVALUATIONS,
    relativeTolerance: RELATIVE_TOLERANCE,
  });
  const parameters = layout.parameters(point);
  const state = layout.state(point);
  const { squares } = runEts(values, { spec, parameters, state }, errors);
  const free = countEtsParameters(spec);
  const aic = value + 2 * free;
  return {
    spec,
    parameters,
    start: layout.state(point),
    state,
    errors,
    sigma2: squares / Math.max(1, count - (free - 1)),
    aicc: count > free + 1 ? aic + (2 * free * (free + 1)) / (count - free - 1) : Infinity,
  };
}

function isUsual(spec: EtsSpec, { alpha, beta, gamma, phi }: EtsParameters): boolean {
  if (alpha < LOWEST || alpha > HIGHEST) return false;
  if (spec.trend === "A" && (beta < 0 || beta > alpha)) return false;
  if (spec.season !== "N" && (gamma < 0 || gamma > 1 - alpha)) return false;
  return !spec.isDamped || (phi >= LOWEST_PHI && phi <= HIGHEST_PHI);
}

/** Where each parameter and starting state lies in the point of the search. */
class EtsLayout {
  private readonly spec: EtsSpec;
  private readonly given: EtsState;
  private readonly fixed: EtsFixedParameters;
  private readonly names: (keyof EtsParameters)[] = [];
  private readonly estimatesSeason: boolean;
  private readonly keepsStart: boolean;

  constructor(spec: EtsSpec, given: EtsState, options: EtsFitOptions) {
    this.spec = spec;
    this.given = given;
    this.fixed = options.fixed ?? {};
    this.keepsStart = options.keepsStart ?? false;
    const wanted: (keyof EtsParameters)[] = ["alpha"];
    if (spec.trend === "A") wanted.push("beta");
    if (spec.season !== "N") wanted.push("gamma");
    if (spec.isDamped) wanted.push("phi");
    this.names = wanted.filter((name) => this.fixed[name] === undefined);
    this.estimatesSeason =
      spec.season !== "N" && spec.seasonSamples <= (options.maxEstimatedSeason ?? 0);
  }

  /** The starting values of R's `ets`. */
  start(values: Float64Array): Float64Array {
    const { given, spec } = this;
    const alpha = this.fixed.alpha ?? LOWEST + (0.2 * HIGHEST) / spec.seasonSamples;
    const guesses = {
      alpha: spec.season === "N" ? Math.max(alpha, 0.2) : alpha,
      beta: 0.1 * alpha,
      gamma: 0.05 * (1 - alpha),
      phi: LOWEST_PHI + 0.99 * (HIGHEST_PHI - LOWEST_PHI),
    };
    const point = this.names.map((name) => guesses[name]);
    if (this.keepsStart) return Float64Array.from(point);
    point.push(Number.isFinite(given.level) ? given.level : values[0]!);
    if (spec.trend === "A") point.push(given.slope);
    // The last seasonal term follows from the others, which must sum to 0 (or average 1).
    if (this.estimatesSeason) point.push(...given.seasonal.subarray(0, spec.seasonSamples - 1));
    return Float64Array.from(point);
  }

  steps(values: Float64Array): Float64Array {
    const spread = standardDeviation(values) || Math.abs(values[0]!) || 1;
    const sizes: number[] = this.names.map((name) => (name === "phi" ? -0.05 : 0.1));
    if (this.keepsStart) return Float64Array.from(sizes);
    sizes.push(0.25 * spread);
    if (this.spec.trend === "A") sizes.push(0.05 * spread);
    const seasonStep = this.spec.season === "M" ? 0.05 : 0.2 * spread;
    if (this.estimatesSeason) {
      for (let i = 1; i < this.spec.seasonSamples; i++) sizes.push(seasonStep);
    }
    return Float64Array.from(sizes);
  }

  parameters(point: Float64Array): EtsParameters {
    const { fixed, spec } = this;
    const found = {
      alpha: fixed.alpha ?? 0,
      beta: spec.trend === "A" ? (fixed.beta ?? 0) : 0,
      gamma: spec.season === "N" ? 0 : (fixed.gamma ?? 0),
      phi: spec.isDamped ? (fixed.phi ?? 1) : 1,
    };
    for (const [i, name] of this.names.entries()) found[name] = point[i]!;
    return found;
  }

  state(point: Float64Array): EtsState {
    if (this.keepsStart) return { ...this.given, seasonal: Float64Array.from(this.given.seasonal) };
    let at = this.names.length;
    const level = point[at++]!;
    const slope = this.spec.trend === "A" ? point[at++]! : 0;
    if (!this.estimatesSeason) {
      return { level, slope, seasonal: Float64Array.from(this.given.seasonal) };
    }
    const seasonal = new Float64Array(this.spec.seasonSamples);
    let rest = this.spec.season === "M" ? this.spec.seasonSamples : 0;
    for (let i = 0; i < seasonal.length - 1; i++) {
      seasonal[i] = point[at++]!;
      rest -= seasonal[i]!;
    }
    seasonal[seasonal.length - 1] = rest;
    return { level, slope, seasonal };
  }
}

function standardDeviation(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / values.length);
}
