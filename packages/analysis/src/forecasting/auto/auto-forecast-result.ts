import type { Forecast } from "../forecaster.ts";
import type { BacktestSummary } from "./backtest-summary.ts";
import type { CombinedForecast } from "./combined-forecast.ts";
import type { ForecastChoice } from "./forecast-choice.ts";
import type { Forecastability } from "./forecastability.ts";

/** Why there is no forecast. */
export type RefusalReason =
  | "insufficient-history"
  | "infinite-values"
  | "too-many-gaps"
  | "no-better-than-naive";

/** A forecast with its past performance, or a reason why there is none. */
export type AutoForecast =
  | ({
      readonly kind: "forecast";
      /** What really ran: `constant`, or the members by share. */
      readonly model: string;
      readonly members: CombinedForecast["members"];
      readonly seasonSamples: readonly number[];
      /** Absent when the series is too short to test on. */
      readonly backtest?: BacktestSummary;
      /** Whether it can be promised to within 10 %. */
      readonly forecastability: Forecastability;
      /** Samples that were filled in because of gaps or `NaN`, as a share. */
      readonly filledRatio: number;
      /** For the next forecast of this series; absent for a constant. */
      readonly choice?: ForecastChoice;
    } & Forecast)
  | {
      readonly kind: "refused";
      readonly reason: RefusalReason;
      /** With `insufficient-history`: how many samples would do. */
      readonly neededSamples?: number;
      readonly backtest?: BacktestSummary;
      readonly forecastability?: Forecastability;
      /** With `no-better-than-naive`: what would have been said, for those who must have a number. */
      readonly fallback?: Forecast;
      /** With `no-better-than-naive`: for the next forecast, which is then refused as well. */
      readonly choice?: ForecastChoice;
    };
