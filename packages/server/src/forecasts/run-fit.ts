import {
  AnalysisError,
  type AutoForecast,
  type AutoForecastOptions,
  autoForecast,
  createForecaster,
  type Forecast,
  type ForecasterName,
  type TimeSeries,
} from "@avx/analysis";

/** A forecast to be made of one series: by automatic choice, or by one model. */
export type FitJob = { readonly series: TimeSeries } & (
  | { readonly kind: "auto"; readonly options: AutoForecastOptions }
  | {
      readonly kind: "named";
      readonly name: ForecasterName;
      readonly seasonSamples: readonly number[];
      readonly steps: number;
      readonly level: number;
    }
);

/** What one model answers. */
export type NamedFit =
  | { readonly kind: "forecast"; readonly model: string; readonly forecast: Forecast }
  | { readonly kind: "insufficient-history"; readonly neededSamples: number };

/** The answer to a job, plain data; `bad-request` for options that fit no series. */
export type FitAnswer =
  | { readonly kind: "auto"; readonly found: AutoForecast }
  | { readonly kind: "named"; readonly found: NamedFit }
  | { readonly kind: "bad-request"; readonly reason: string };

/** Makes the forecast, in the thread that calls; from milliseconds to a second of work. */
export function runFit(job: FitJob): FitAnswer {
  try {
    if (job.kind === "auto") return { kind: "auto", found: autoForecast(job.series, job.options) };
    const { series, name, seasonSamples, steps, level } = job;
    const fit = createForecaster(name, seasonSamples).fit(series);
    if (fit.kind === "insufficient-history") {
      return { kind: "named", found: { kind: fit.kind, neededSamples: fit.neededSamples } };
    }
    const forecast = fit.model.forecast(steps, level);
    return { kind: "named", found: { kind: "forecast", model: fit.model.name, forecast } };
  } catch (error) {
    if (error instanceof AnalysisError) return { kind: "bad-request", reason: error.message };
    throw error;
  }
}
