import {
  type AutoForecast,
  autoForecast,
  type ForecastChoice,
  type TimeSeries,
} from "@avx/analysis";

/** What a fit depends on. */
export interface FitRequest {
  readonly series: TimeSeries;
  readonly horizonSteps: number;
  readonly level: number;
  readonly mode: "auto" | "fast";
  /** Of an earlier window of the same series in the same query. */
  readonly choice?: ForecastChoice | undefined;
}

/** Fits models, or remembers having done so for the very same samples. */
export type ForecastFits = (request: FitRequest) => AutoForecast;

/** A dashboard of a few charts; each entry holds at most three columns of a forecast. */
const MAX_FITS = 256;

/**
 * A memory of the latest fits by their samples: mean and bounds of one series share a fit, and a
 * chart that is drawn again with the same samples costs nothing. A fit that may reuse a choice is also
 * known by the fit that the choice is from, so that no answer depends on what was asked before.
 */
export function createForecastFits(fit: typeof autoForecast = autoForecast): ForecastFits {
  const known = new Map<string, AutoForecast>();
  const origins = new WeakMap<ForecastChoice, string>();
  return ({ series, horizonSteps, level, mode, choice }) => {
    const { timestampsMs, values } = series;
    const own = `${digest(timestampsMs)} ${digest(values)} ${horizonSteps} ${level} ${mode}`;
    const key = choice === undefined ? own : `${own} after ${origins.get(choice)}`;
    const options = { horizon: horizonSteps, level, mode, choice };
    const found = known.get(key) ?? fit(series, options);
    if (found.choice !== undefined && found.choice !== choice) origins.set(found.choice, own);
    known.delete(key);
    known.set(key, found);
    if (known.size > MAX_FITS) {
      const [oldest] = known.keys();
      if (oldest !== undefined) known.delete(oldest);
    }
    return found;
  };
}

/** Multipliers of MurmurHash3's 32-bit variant; two lanes make a chance hit practically impossible. */
const LANE_ONE = 0xcc9e2d51;
const LANE_TWO = 0x1b873593;

function digest(column: Float64Array): string {
  const words = new Uint32Array(Float64Array.from(column).buffer);
  let one = column.length;
  let two = ~column.length;
  for (const word of words) {
    one = Math.imul(one ^ word, LANE_ONE);
    one ^= one >>> 15;
    two = Math.imul(two ^ word, LANE_TWO);
    two ^= two >>> 13;
  }
  return `${column.length}.${one >>> 0}.${two >>> 0}`;
}
