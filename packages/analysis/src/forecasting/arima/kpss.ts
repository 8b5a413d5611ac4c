import { mean } from "../../statistics/moments.ts";

/** The 5 % point for level stationarity (Kwiatkowski, Phillips, Schmidt and Shin 1992, table 1). */
const CRITICAL_LEVEL = 0.463;

/** The KPSS statistic of level stationarity with Bartlett weights over 3·sqrt(n)/13 lags, as in R. */
export function kpssStatistic(values: Float64Array): number {
  const count = values.length;
  const centre = mean(values);
  const errors = values.map((value) => value - centre);
  let running = 0;
  let squares = 0;
  let variance = 0;
  for (const error of errors) {
    running += error;
    squares += running * running;
    variance += error * error;
  }
  const lags = Math.trunc((3 * Math.sqrt(count)) / 13);
  for (let lag = 1; lag <= lags; lag++) {
    let shared = 0;
    for (let i = lag; i < count; i++) shared += errors[i]! * errors[i - lag]!;
    variance += 2 * (1 - lag / (lags + 1)) * shared;
  }
  return variance > 0 ? squares / (count * variance) : 0;
}

/** Whether the level is stationary at the 5 % point. */
export function isLevelStationary(values: Float64Array): boolean {
  return values.length < 4 || kpssStatistic(values) <= CRITICAL_LEVEL;
}
