/**
 * The forecasts and the capacity part of the JSON contract; read it by `contract.ts`, which names all
 * of it. Types only.
 */

/** How a forecast did on the past. Ratios; null where a measure has no value, such as a share of 0. */
export interface ForecastBacktest {
  /** Past times that the series was forecast from. */
  readonly origins: number;
  /** In the unit of the series. */
  readonly meanAbsoluteError: number;
  readonly naiveError: number;
  /** 1 - error / naive error: above 0 is better than repeating the past. */
  readonly skill: number;
  readonly meanAbsolutePercentageError: number | null;
  readonly worstPercentageError: number | null;
  readonly weightedPercentageError: number | null;
  /** Share of the past outcomes that lay within the bounds, to hold against `level`. */
  readonly coverage: number | null;
}

/** Why there is no forecast, besides too little history. */
export type ForecastRefusal = "infinite-values" | "too-many-gaps" | "no-better-than-naive";

/** `GET /api/avx/forecast?service=&steps=&stepMs=` of the service's request rate. */
export type ForecastAnswer =
  | {
      readonly kind: "forecast";
      readonly model: string;
      readonly level: number;
      readonly timestampsMs: readonly number[];
      readonly mean: readonly number[];
      readonly lower: readonly number[];
      readonly upper: readonly number[];
      /** Absent when the history is too short to test on. */
      readonly backtest?: ForecastBacktest;
    }
  | {
      readonly kind: "insufficient-history";
      readonly haveSamples: number;
      readonly neededSamples: number;
    }
  | {
      readonly kind: "refused";
      readonly reason: ForecastRefusal;
      readonly haveSamples: number;
      readonly backtest?: ForecastBacktest;
    };

/** Body of `POST /api/avx/forecast`. Times as in the Prometheus API: Unix seconds or RFC 3339. */
export interface ForecastBody {
  /** PromQL with one series as result. */
  readonly query: string;
  /** How far ahead; or `steps` instead. */
  readonly horizonMs?: number;
  readonly steps?: number;
  /** Distance of samples, of the history and of the forecast; a minute when absent. */
  readonly stepMs?: number;
  /** Start of the history: 720 steps before its end when absent. */
  readonly start?: number | string;
  /** End of the history: now when absent. */
  readonly end?: number | string;
  /** Share of outcomes between the bounds; 0.95 when absent. */
  readonly level?: number;
  /** `auto` when absent, `fast`, or the name of one forecaster. */
  readonly model?: string;
  /** Seasons in steps; found by itself when absent (with `auto` and `fast`). */
  readonly seasonSamples?: readonly number[];
}

/** A member of a combined forecast. */
export interface ForecastMember {
  readonly name: string;
  /** Its weight, 0..1. */
  readonly share: number;
}

/** `POST /api/avx/forecast`. */
export type ForecastQueryAnswer =
  | {
      readonly kind: "forecast";
      /** What really ran. */
      readonly model: string;
      readonly members: readonly ForecastMember[];
      readonly seasonSamples: readonly number[];
      readonly level: number;
      readonly stepMs: number;
      readonly historySamples: number;
      /** Samples of the history that were filled in, as a share. */
      readonly filledRatio: number;
      readonly timestampsMs: readonly number[];
      readonly mean: readonly number[];
      readonly lower: readonly number[];
      readonly upper: readonly number[];
      /** null when the history is too short to test on, or one named model was asked for. */
      readonly backtest: ForecastBacktest | null;
      /** Whether it can be promised to within 10 %; null without a backtest. */
      readonly isForecastable: boolean | null;
    }
  | {
      readonly kind: "refused";
      readonly reason: "insufficient-history" | ForecastRefusal;
      readonly haveSamples: number;
      /** How many samples would do; null when more would not help. */
      readonly neededSamples: number | null;
      readonly backtest: ForecastBacktest | null;
    };

/** A resource that can run out. */
export type CapacityResource =
  | "event-loop"
  | "cpu"
  | "memory"
  | "heap"
  | "connections"
  | "disk"
  | "active-series";

/** When a resource runs out, as far as its history tells. Times in Unix ms. */
export type CapacityOutlook =
  /** It has run out. */
  | { readonly kind: "reached" }
  /** A bound meets the limit within the forecast; a time that is null lies after its end. */
  | ({
      readonly kind: "runs-out";
      /** When the forecast itself meets the limit. */
      readonly atMs: number | null;
      /** When the upper bound does. */
      readonly earliestMs: number;
      /** When the lower bound does. */
      readonly latestMs: number | null;
    } & CapacityForecast)
  | ({ readonly kind: "holds" } & CapacityForecast)
  | {
      readonly kind: "insufficient-history";
      readonly haveSamples: number;
      readonly neededSamples: number;
      /** Distance of the samples. */
      readonly stepMs: number;
    }
  | { readonly kind: "refused"; readonly reason: ForecastRefusal }
  /** Its limit is not known. */
  | { readonly kind: "no-limit" };

/** What an outlook rests on. */
export interface CapacityForecast {
  readonly model: string;
  readonly level: number;
  /** End of the forecast. */
  readonly untilMs: number;
  readonly backtest: ForecastBacktest | null;
}

/** One resource of one service, or of the server itself where `service` is empty. */
export interface CapacityRow {
  readonly resource: CapacityResource;
  readonly service: string;
  readonly unit: "ratio" | "cores" | "By" | "1";
  readonly current: number | null;
  readonly limit: number | null;
  /** The metric that tells the limit, or would tell it where none is known; null: it is fixed. */
  readonly limitMetric: string | null;
  readonly outlook: CapacityOutlook;
}

/** `GET /api/avx/capacity`: what runs out first comes first. */
export interface CapacityAnswer {
  /** When the forecasts were made; they are kept for a minute. */
  readonly madeMs: number;
  readonly rows: readonly CapacityRow[];
}
