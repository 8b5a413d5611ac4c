import type { EtsParameters, EtsSpec, EtsState } from "./ets-spec.ts";

/** Sums from which the likelihood follows: squared errors and log |one-step forecast|. */
export interface EtsSums {
  readonly squares: number;
  readonly logForecasts: number;
}

/** A level or forecast nearer to 0 than this cannot be divided by. */
const SMALLEST_DIVISOR = 1e-10;

/**
 * Runs the recursions of the model over the values (the book's table 2.1), writes the one-step
 * errors into `errors` (relative errors when the error is multiplicative) and moves `state` to the
 * end. Both error types share one update, since `alpha · e` is the same step in both.
 */
export function runEts(
  values: Float64Array,
  model: { readonly spec: EtsSpec; readonly parameters: EtsParameters; readonly state: EtsState },
  errors: Float64Array,
): EtsSums {
  return model.spec.season === "N"
    ? runWithoutSeason(values, model, errors)
    : runWithSeason(values, model, errors);
}

type EtsModel = {
  readonly spec: EtsSpec;
  readonly parameters: EtsParameters;
  readonly state: EtsState;
};

function runWithoutSeason(
  values: Float64Array,
  { spec, parameters, state }: EtsModel,
  errors: Float64Array,
): EtsSums {
  const { alpha, beta, phi } = parameters;
  const isRelative = spec.error === "M";
  let { level, slope } = state;
  let squares = 0;
  let logForecasts = 0;
  for (let i = 0; i < values.length; i++) {
    const forecast = level + phi * slope;
    let error = values[i]! - forecast;
    level = forecast + alpha * error;
    slope = phi * slope + beta * error;
    if (isRelative) {
      error /= Math.abs(forecast) < SMALLEST_DIVISOR ? SMALLEST_DIVISOR : forecast;
      logForecasts += Math.log(Math.abs(forecast));
    }
    errors[i] = error;
    squares += error * error;
  }
  state.level = level;
  state.slope = slope;
  return { squares, logForecasts };
}

function runWithSeason(
  values: Float64Array,
  { spec, parameters, state }: EtsModel,
  errors: Float64Array,
): EtsSums {
  const { alpha, gamma, phi } = parameters;
  const betaShare = alpha > 0 ? parameters.beta / alpha : 0;
  const isRelative = spec.error === "M";
  const isRatio = spec.season === "M";
  const seasonal = state.seasonal;
  const period = seasonal.length;
  let { level, slope } = state;
  let phase = 0;
  let squares = 0;
  let logForecasts = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const season = seasonal[phase]!;
    const trend = level + phi * slope;
    const forecast = isRatio ? trend * season : trend + season;
    const safeTrend = Math.abs(trend) < SMALLEST_DIVISOR ? SMALLEST_DIVISOR : trend;
    const safeSeason = Math.abs(season) < SMALLEST_DIVISOR ? SMALLEST_DIVISOR : season;
    const adjusted = isRatio ? value / safeSeason : value - season;
    const detrended = isRatio ? value / safeTrend : value - trend;
    level = trend + alpha * (adjusted - trend);
    slope = phi * slope + betaShare * (level - trend);
    seasonal[phase] = season + gamma * (detrended - season);
    phase = phase + 1 === period ? 0 : phase + 1;
    let error = value - forecast;
    if (isRelative) {
      error /= Math.abs(forecast) < SMALLEST_DIVISOR ? SMALLEST_DIVISOR : forecast;
      logForecasts += Math.log(Math.abs(forecast));
    }
    errors[i] = error;
    squares += error * error;
  }
  state.level = level;
  state.slope = slope;
  state.seasonal = rotate(seasonal, phase);
  return { squares, logForecasts };
}

function rotate(seasonal: Float64Array, phase: number): Float64Array {
  const turned = new Float64Array(seasonal.length);
  for (let i = 0; i < turned.length; i++) turned[i] = seasonal[(phase + i) % turned.length]!;
  return turned;
}
