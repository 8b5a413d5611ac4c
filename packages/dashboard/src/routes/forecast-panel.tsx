import type { VNode } from "preact";
import { type AppState, useApp } from "../app-context.ts";
import { ChartPanel } from "../charts/chart-panel.tsx";
import { forecastModel } from "../charts/signal-models.ts";
import type { RateForecast, ReadyForecast } from "../data/avx-requests.ts";
import { mapAnswer } from "../data/map-answer.ts";
import type { StepGrid } from "../data/query-step.ts";
import { rateQuery } from "../data/signal-queries.ts";
import type { Answer } from "../data/use-answer.ts";
import { useForecast, useRangeQuery } from "../data/use-signals.ts";
import { AnswerView } from "../elements/answer-view.tsx";
import { Icon } from "../elements/icon.tsx";
import { refusalReason } from "../format/refusal-reason.ts";
import { toggleLive } from "../header/toggle-live.ts";
import type { Translate } from "../i18n/translate.ts";
import { isLive } from "../state/time-range.ts";
import { SIGNAL_HEIGHT_PX } from "./golden-signals.tsx";

interface Props {
  readonly service: string;
  readonly grid: StepGrid;
}

/** The request rate with its forecast, or why there is none. */
export function ForecastPanel({ service, grid }: Props): VNode {
  const app = useApp();
  const { t, view, navigate } = app;
  const title = t("service.forecast");
  if (!isLive(view.range))
    return (
      <WordsPanel title={title} words={t("service.forecast-fixed")}>
        <button type="button" class="button" onClick={() => navigate({ range: toggleLive(app) })}>
          <Icon name="play" />
          {t("live.resume")}
        </button>
      </WordsPanel>
    );
  return <LiveForecast service={service} grid={grid} title={title} />;
}

function LiveForecast({ service, grid, title }: Props & { readonly title: string }): VNode {
  const { t, format, range } = useApp();
  const measured = useRangeQuery(rateQuery, service, grid);
  const forecast = useForecast(service, grid);
  const names = {
    actual: t("series.actual"),
    forecast: t("series.forecast"),
    lower: t("series.lower"),
    upper: t("series.upper"),
  };
  const refusal = refusalWords(forecast, t);
  if (refusal !== null) return <WordsPanel title={title} words={refusal} />;
  if (forecast.kind !== "ready" || forecast.data.kind !== "forecast")
    return (
      <section class="panel">
        <h2 class="panel-title">{title}</h2>
        <AnswerView answer={forecast} what={title} isPart>
          {() => null}
        </AnswerView>
      </section>
    );
  const answer = forecast.data;
  return (
    <ChartPanel
      title={title}
      heightPx={SIGNAL_HEIGHT_PX}
      note={forecastNote(answer, { t, format })}
      answer={mapAnswer(measured, (data) =>
        forecastModel({ title, unit: "1/s", range }, data, { forecast: answer, names }),
      )}
    />
  );
}

/** The model, its interval, and on its own past how much better than repeating it, where it was. */
function forecastNote(
  { model, level, backtest }: ReadyForecast,
  { t, format }: Pick<AppState, "t" | "format">,
): string {
  const note = t("service.forecast-note", { model, level: format.wholePercent(level) });
  if (backtest === null || !(backtest.skill > 0)) return note;
  return `${note}, ${t("forecast.skill", { skill: format.wholePercent(backtest.skill) })}`;
}

/** Why there is no forecast; `null` when there is one, or none is known yet. */
function refusalWords(answer: Answer<RateForecast>, t: Translate): string | null {
  if (answer.kind !== "ready" || answer.data.kind === "forecast") return null;
  const { data } = answer;
  if (data.kind === "insufficient-history")
    return t("service.forecast-short", { have: data.haveSamples, needed: data.neededSamples });
  return refusalReason(data.reason, t);
}

interface WordsProps {
  readonly title: string;
  readonly words: string;
  readonly children?: VNode;
}

function WordsPanel({ title, words, children }: WordsProps): VNode {
  return (
    <section class="panel">
      <h2 class="panel-title">{title}</h2>
      <div class="picture picture-empty">
        <Icon name="clock" />
        <p class="picture-detail">{words}</p>
        {children && <p class="picture-steps">{children}</p>}
      </div>
    </section>
  );
}
