import { useMemo, useState } from "preact/hooks";
import { type AppState, useApp } from "../app-context.ts";
import { type ExpressionForecast, useExpressionForecast } from "../data/expression-forecast.ts";
import type { StepGrid } from "../data/query-step.ts";
import type { Answer } from "../data/use-answer.ts";
import { failureText } from "../elements/failure-text.ts";
import { refusalReason } from "../format/refusal-reason.ts";
import { fannedModel } from "./fan.ts";
import type { PlotModel, PlotSeries } from "./plot-model.ts";

/** Lines that are forecast at once: more bands over each other cannot be told apart. */
const MAX_FANS = 4;

/** A chart with its forecasts, and how they are shown and hidden. */
export interface Fans {
  readonly model: PlotModel;
  /** The model and its interval, why there is none, or that it is awaited; "" while none is shown. */
  readonly note: string;
  /** `null`: no line of the chart can be forecast. */
  readonly control: { readonly isOn: boolean; toggle(): void } | null;
}

interface FanAnswer {
  readonly line: PlotSeries;
  readonly answer: Answer<ExpressionForecast>;
}

/** Lets the visible lines of a chart go on as forecasts: the first few, or those that were isolated. */
export function useFans(model: PlotModel, shown: ReadonlySet<string> | null): Fans {
  const app = useApp();
  const { t } = app;
  const [isOn, setIsOn] = useState(false);
  const able = model.series.filter(({ expression }) => expression !== undefined);
  const visible = able.filter(({ key }) => shown === null || shown.has(key));
  const asked = isOn ? visible.slice(0, MAX_FANS) : [];
  const grid = gridOf(model);
  const forecastOf = (i: number): string | null => asked[i]?.expression ?? null;
  const answers = [
    useExpressionForecast(forecastOf(0), grid),
    useExpressionForecast(forecastOf(1), grid),
    useExpressionForecast(forecastOf(2), grid),
    useExpressionForecast(forecastOf(3), grid),
  ];
  const fans = asked.flatMap((line, i): FanAnswer[] => {
    const answer = answers[i];
    return answer === undefined ? [] : [{ line, answer }];
  });
  const drawn = useMemo(
    () =>
      fannedModel(
        model,
        fans.flatMap(({ line, answer }) =>
          answer.kind === "ready" && answer.data.kind === "forecast"
            ? [{ of: line.key, forecast: answer.data }]
            : [],
        ),
        {
          mean: (line) => t("chart.fan", { line }),
          lower: (line) => t("chart.fan-lower", { line }),
          upper: (line) => t("chart.fan-upper", { line }),
        },
      ),
    [model, t, isOn, asked.map(({ key }) => key).join(), ...answers],
  );
  return {
    model: drawn,
    note: isOn ? fanWords(fans, visible.length, app) : "",
    control: able.length === 0 ? null : { isOn, toggle: () => setIsOn(!isOn) },
  };
}

function gridOf({ timestampsMs }: PlotModel): StepGrid {
  const [startMs = 0, secondMs = startMs + 1] = timestampsMs;
  return { startMs, endMs: timestampsMs.at(-1) ?? startMs, stepMs: secondMs - startMs };
}

function fanWords(fans: readonly FanAnswer[], visible: number, { t, format }: AppState): string {
  const told = fans.flatMap(({ line, answer }) =>
    answer.kind === "ready" && answer.data.kind === "forecast"
      ? [{ name: line.name, ...answer.data }]
      : [],
  );
  const [first] = told;
  const parts: string[] = [];
  if (fans.some(({ answer }) => answer.kind === "loading"))
    parts.push(t("state.loading-what", { what: t("chart.forecast") }));
  if (first !== undefined) {
    const isOnly = fans.length === 1;
    const model = isOnly
      ? first.model
      : t("chart.fans", { lines: told.map(({ name }) => name).join(", ") });
    parts.push(t("service.forecast-note", { model, level: format.wholePercent(first.level) }));
  }
  for (const { line, answer } of fans) {
    const why = whyNone(answer, { t, format });
    if (why !== "") parts.push(fans.length === 1 ? why : `${line.name}: ${why}`);
  }
  if (visible > fans.length) parts.push(t("chart.fans-most", { count: fans.length }));
  return parts.join(" · ");
}

function whyNone(
  answer: Answer<ExpressionForecast>,
  { t, format }: Pick<AppState, "t" | "format">,
): string {
  if (answer.kind === "error") return failureText(answer.failure, t, format);
  if (answer.kind === "loading" || answer.data.kind === "forecast") return "";
  const { reason, haveSamples: have, neededSamples } = answer.data;
  return reason === "insufficient-history"
    ? t("service.forecast-short", { have, needed: neededSamples ?? have })
    : refusalReason(reason, t);
}
