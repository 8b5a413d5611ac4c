import { AnalysisError } from "../analysis-error.ts";
import { arima } from "./arima.ts";
import { doubleSeasonDesign, rareSeasonDesign } from "./auto/lag-designs.ts";
import { autoArima } from "./auto-arima.ts";
import { autoEts } from "./auto-ets.ts";
import { card } from "./card.ts";
import { complexExponentialSmoothing } from "./complex-exponential-smoothing.ts";
import { doubleExponentialSmoothing } from "./double-exponential-smoothing.ts";
import type { Forecaster } from "./forecaster.ts";
import { gentleTrend } from "./gentle-trend.ts";
import { lagRegression } from "./lag-regression.ts";
import { levelShape } from "./level-shape.ts";
import { logTransformed } from "./log-transformed.ts";
import { drift } from "./naive/drift.ts";
import { naive } from "./naive/naive.ts";
import { seasonalMedian } from "./naive/seasonal-median.ts";
import { seasonalNaive } from "./naive/seasonal-naive.ts";
import { classicallyDeseasonalised } from "./seasonal/classically-deseasonalised.ts";
import { stlDeseasonalised } from "./seasonal/stl-deseasonalised.ts";
import { simpleExponentialSmoothing } from "./simple-exponential-smoothing.ts";
import { steadyTrend } from "./steady-trend.ts";
import { temporallyAggregated } from "./temporal-aggregation.ts";
import { optimisedTheta } from "./theta/optimised-theta.ts";
import { theta } from "./theta/theta-method.ts";
import { tripleExponentialSmoothing } from "./triple-exponential-smoothing.ts";

/** The seasons of a series, ascending, in samples; empty for none. */
export type Seasons = readonly number[];

type Maker = (seasons: Seasons) => Forecaster;

/** The shortest season, 1 for none. */
const shortest = (seasons: Seasons): number => seasons[0] ?? 1;
/** Models that need a season take the shortest that can be one. */
const atLeastTwo = (seasons: Seasons): number => Math.max(2, shortest(seasons));
/** A model without a season, on the series without its classical season. */
const deseasonalised =
  (inner: Forecaster): Maker =>
  (seasons) =>
    classicallyDeseasonalised({ seasonSamples: shortest(seasons), inner });
/** A model without a season, on the series without its STL seasons. */
const stl =
  (inner: Forecaster): Maker =>
  (seasonSamples) =>
    stlDeseasonalised({ seasonSamples, inner });

/** Every member by name. One line here, one file for the model, one row in the reference page. */
const MAKERS = {
  naive: () => naive(),
  drift: () => drift(),
  "seasonal-naive": (seasons) => seasonalNaive({ seasonSamples: shortest(seasons) }),
  "seasonal-median": (seasons) =>
    seasonalMedian({ seasonSamples: shortest(seasons), windowSeasons: 5 }),
  naive2: deseasonalised(naive()),
  ses: deseasonalised(simpleExponentialSmoothing()),
  holt: deseasonalised(doubleExponentialSmoothing()),
  damped: deseasonalised(doubleExponentialSmoothing({ isDamped: true })),
  "gentle-trend": deseasonalised(gentleTrend()),
  "steady-trend": deseasonalised(steadyTrend()),
  "holt-winters": (seasons) => tripleExponentialSmoothing({ seasonSamples: atLeastTwo(seasons) }),
  theta: deseasonalised(theta()),
  "optimised-theta": deseasonalised(optimisedTheta({ isDynamic: false })),
  "dynamic-optimised-theta": deseasonalised(optimisedTheta({ isDynamic: true })),
  ces: deseasonalised(complexExponentialSmoothing()),
  "auto-ets": (seasons) => autoEts({ seasonSamples: shortest(seasons) }),
  "arima-1-1-1": () => arima({ p: 1, d: 1, q: 1 }),
  "auto-arima": (seasons) => autoArima({ seasonSamples: shortest(seasons) }),
  "stl-theta": stl(theta()),
  "stl-damped": stl(doubleExponentialSmoothing({ isDamped: true })),
  "stl-ets": stl(autoEts()),
  "stl-arima": stl(autoArima()),
  aggregated: deseasonalised(
    temporallyAggregated({ blocks: [1, 2, 3, 4, 6, 12], inner: gentleTrend() }),
  ),
  "level-shape": (seasons) =>
    levelShape({ seasonSamples: atLeastTwo(seasons), shapeSeasons: 10, inner: theta() }),
  "lag-regression": ([short = 2, long]) =>
    logTransformed(
      lagRegression(long === undefined ? rareSeasonDesign(short) : doubleSeasonDesign(short, long)),
    ),
  card: (seasons) => card({ seasonSamples: shortest(seasons) }),
} as const satisfies Record<string, Maker>;

/** The name of a member. */
export type ForecasterName = keyof typeof MAKERS;

/** The names of all members. The cast holds since the keys of a literal are exactly its names. */
export const FORECASTER_NAMES = Object.keys(MAKERS) as readonly ForecasterName[];

/** The member of that name for a series with these seasons; throws `invalid_parameter` when none is. */
export function createForecaster(name: string, seasons: Seasons = []): Forecaster {
  const known = FORECASTER_NAMES.find((candidate) => candidate === name);
  if (known === undefined) {
    const reason = `no forecaster is named ${name}; there are ${FORECASTER_NAMES.join(", ")}`;
    throw new AnalysisError("invalid_parameter", { parameter: "forecaster", reason });
  }
  const maker: Maker = MAKERS[known];
  return maker(seasons);
}
