import { AnalysisError, requireInteger } from "../../analysis-error.ts";

/** Orders of a seasonal ARIMA model in the words of Box and Jenkins; the season is absent by default. */
export interface ArimaOrder {
  readonly p: number;
  readonly d: number;
  readonly q: number;
  readonly seasonal?: SeasonalOrder;
  /**
   * Estimate the mean of the differenced series: the mean of the series when d + D = 0, the drift per
   * step when it is 1. By default only when nothing is differenced, as in R's `arima`.
   */
  readonly includesMean?: boolean;
}

/** The seasonal part; `seasonSamples` at least 2. */
export interface SeasonalOrder {
  readonly P: number;
  readonly D: number;
  readonly Q: number;
  readonly seasonSamples: number;
}

/** All parts filled in. */
export interface FullOrder {
  readonly p: number;
  readonly d: number;
  readonly q: number;
  readonly P: number;
  readonly D: number;
  readonly Q: number;
  readonly seasonSamples: number;
  readonly includesMean: boolean;
}

/** Beyond these the likelihood is flat and the fit slow; no published automatic search goes higher. */
const MAX_ORDER = 12;
const MAX_DIFFERENCES = 2;

/** Checks an order and fills in what is absent. Throws `invalid_parameter`. */
export function fullOrder(order: ArimaOrder): FullOrder {
  const seasonal = order.seasonal ?? { P: 0, D: 0, Q: 0, seasonSamples: 1 };
  for (const name of ["p", "q"] as const) requireOrder(name, order[name], MAX_ORDER);
  for (const name of ["P", "Q"] as const) requireOrder(name, seasonal[name], MAX_ORDER);
  requireOrder("d", order.d, MAX_DIFFERENCES);
  requireOrder("D", seasonal.D, MAX_DIFFERENCES);
  requireInteger("seasonSamples", seasonal.seasonSamples, order.seasonal === undefined ? 1 : 2);
  const { p, d, q } = order;
  const { P, D, Q, seasonSamples } = seasonal;
  return { p, d, q, P, D, Q, seasonSamples, includesMean: order.includesMean ?? d + D === 0 };
}

function requireOrder(parameter: string, value: number, limit: number): void {
  requireInteger(parameter, value, 0);
  if (value <= limit) return;
  throw new AnalysisError("invalid_parameter", { parameter, reason: `at most ${limit}` });
}

/** E.g. `ARIMA(1,1,1)(0,1,1)[12]`, with `+ mean` or `+ drift` when one is estimated. */
export function arimaName(order: FullOrder): string {
  const { p, d, q, P, D, Q, seasonSamples, includesMean } = order;
  const season = P + D + Q > 0 ? `(${P},${D},${Q})[${seasonSamples}]` : "";
  const mean = includesMean ? (d + D > 0 ? " + drift" : " + mean") : "";
  return `ARIMA(${p},${d},${q})${season}${mean}`;
}

/** ARMA coefficients that the fit estimates, without the mean. */
export function countCoefficients({ p, q, P, Q }: FullOrder): number {
  return p + q + P + Q;
}
