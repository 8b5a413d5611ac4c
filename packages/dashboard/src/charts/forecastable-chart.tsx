import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { type AppState, useApp } from "../app-context.ts";
import { type ExpressionForecast, useExpressionForecast } from "../data/expression-forecast.ts";
import type { StepGrid } from "../data/query-step.ts";
import type { Answer } from "../data/use-answer.ts";
import { failureText } from "../elements/failure-text.ts";
import { refusalReason } from "../format/refusal-reason.ts";
import { overlayForecast } from "./overlay-forecast.ts";
import type { PlotModel } from "./plot-model.ts";
import { TimeSeriesChart } from "./time-series-chart.tsx";

/** What is drawn: one series of an expression on a grid. */
export interface ForecastSource {
  readonly expression: string;
  readonly grid: StepGrid;
}

interface Props {
  readonly model: PlotModel;
  readonly source: ForecastSource;
  readonly heightPx: number;
  readonly syncKey: string;
  readonly note?: string;
}

/** A chart of one line that goes on as a forecast when asked to, by its button or the key f. */
export function ForecastableChart({ model, source, note = "", ...rest }: Props): VNode {
  const app = useApp();
  const { t } = app;
  const [isOn, setIsOn] = useState(false);
  const answer = useExpressionForecast(isOn ? source.expression : null, source.grid);
  const names = {
    actual: t("series.actual"),
    forecast: t("series.forecast"),
    lower: t("series.lower"),
    upper: t("series.upper"),
  };
  const ready = isOn && answer.kind === "ready" && answer.data.kind === "forecast";
  const drawn =
    ready && answer.data.kind === "forecast"
      ? overlayForecast(model, { forecast: answer.data, names })
      : model;
  return (
    <TimeSeriesChart
      {...rest}
      model={drawn}
      note={isOn ? forecastWords(answer, app) : note}
      forecast={{ isOn, toggle: () => setIsOn(!isOn) }}
    />
  );
}

/** The model and its interval, why there is none, or that it is awaited. */
function forecastWords(answer: Answer<ExpressionForecast>, { t, format }: AppState): string {
  if (answer.kind === "loading") return t("state.loading-what", { what: t("series.forecast") });
  if (answer.kind === "error") return failureText(answer.failure, t, format);
  const { data } = answer;
  if (data.kind === "forecast") {
    const { model, level } = data;
    return t("service.forecast-note", { model, level: format.wholePercent(level) });
  }
  if (data.reason !== "insufficient-history") return refusalReason(data.reason, t);
  const { haveSamples: have, neededSamples } = data;
  return t("service.forecast-short", { have, needed: neededSamples ?? have });
}
