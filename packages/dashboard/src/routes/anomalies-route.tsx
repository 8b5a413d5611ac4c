import type { AnomaliesAnswer, ExplainedAnomaly } from "@avx/server/contract";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import "../styles/anomalies.css";
import { useApp } from "../app-context.ts";
import { mapAnswer } from "../data/map-answer.ts";
import { useAnomalies } from "../data/use-signals.ts";
import { AnswerView } from "../elements/answer-view.tsx";
import { EmptyPicture } from "../elements/empty-picture.tsx";
import { ServiceName } from "../elements/service-name.tsx";
import { ViewLink } from "../elements/view-link.tsx";
import { fixedRange, type TimeRange } from "../state/time-range.ts";
import { AnomalyActions } from "./anomaly-actions.tsx";
import { AnomalyChart } from "./anomaly-chart.tsx";
import {
  byService,
  explanationSentences,
  type ServiceAnomalies,
  valueSentence,
} from "./anomaly-explanation.ts";
import { AnomalyMutes } from "./anomaly-mutes.tsx";
import { reasonText, scoreText } from "./anomaly-words.ts";
import { HeldAnomalies } from "./held-anomalies.tsx";

/** Anomalies drawn of one service; the rest is found in a shorter range. */
const MAX_OF_SERVICE = 20;
/** Time shown before and after a similar one. */
const CONTEXT_MS = 450_000;

/** What was unusual, service by service, explained, with what to say of it. */
export function AnomaliesRoute(): VNode {
  const { t, view, range } = useApp();
  const answer = mapAnswer(useAnomalies(view.service), (data) => ({
    ...data,
    anomalies: data.anomalies.filter(({ endMs }) => endMs === null || endMs >= range.startMs),
  }));
  return (
    <>
      <div class="page-head">
        <h1>{t("nav.anomalies")}</h1>
      </div>
      <AnswerView answer={answer} what={t("anomalies.what")}>
        {(data) =>
          data.anomalies.length === 0 ? (
            <EmptyPicture title={t("anomalies.empty")} step={t("anomalies.empty-step")} />
          ) : (
            <Feed {...data} />
          )
        }
      </AnswerView>
      <div class="grid-2">
        <AnomalyMutes />
        <HeldAnomalies />
      </div>
    </>
  );
}

function Feed({ anomalies, verdicts }: AnomaliesAnswer): VNode {
  const { t } = useApp();
  const judged = verdicts.useful + verdicts.expected;
  const open = anomalies.filter(({ endMs }) => endMs === null).length;
  return (
    <>
      <p class="quiet count-line">
        {t("anomalies.count", { count: anomalies.length })} · {t("anomalies.open", { count: open })}
        {judged > 0 && ` · ${t("anomalies.precision", { useful: verdicts.useful, judged })}`}
      </p>
      {byService(anomalies).map((group) => (
        <ServiceFeed key={group.service} {...group} />
      ))}
    </>
  );
}

function ServiceFeed({ service, anomalies }: ServiceAnomalies): VNode {
  const { t } = useApp();
  return (
    <section class="panel anomaly-group">
      <h2 class="panel-title">
        <ServiceName service={service} />
        <ViewLink to={{ route: { page: "service", service } }} class="quiet-button">
          {t("anomalies.service-charts")}
          <span class="visually-hidden">: {service}</span>
        </ViewLink>
      </h2>
      <ol class="anomaly-list">
        {anomalies.slice(0, MAX_OF_SERVICE).map((anomaly) => (
          <AnomalyItem key={anomaly.id} anomaly={anomaly} />
        ))}
      </ol>
    </section>
  );
}

/** The time around the beginning of an anomaly. */
function rangeAt(timestampMs: number): TimeRange {
  return fixedRange(timestampMs - CONTEXT_MS, timestampMs + CONTEXT_MS);
}

function AnomalyItem({ anomaly }: { readonly anomaly: ExplainedAnomaly }): VNode {
  const app = useApp();
  const { t } = app;
  const { service, signal } = anomaly;
  const { similarLastMs } = anomaly.explanation;
  const [isShown, setShown] = useState(anomaly.endMs === null);
  return (
    <li class={anomaly.endMs === null ? "anomaly-item is-open" : "anomaly-item"}>
      <h3 class="anomaly-headline">
        <span aria-hidden="true">◆</span> {valueSentence(anomaly, app)}
      </h3>
      <p class="detail">
        {[reasonText(anomaly, app), ...explanationSentences(anomaly, app)]
          .filter((sentence) => sentence !== "")
          .join(" · ")}
        {similarLastMs !== null && (
          <>
            {" "}
            <ViewLink to={{ service, range: rangeAt(similarLastMs) }} class="text-link">
              {t("anomalies.similar-show")}
            </ViewLink>
          </>
        )}
      </p>
      <p class="detail">{scoreText(anomaly, app)}</p>
      <AnomalyActions anomaly={anomaly} />
      {signal !== "metric" && (
        <>
          <button
            type="button"
            class="quiet-button"
            aria-expanded={isShown}
            onClick={() => setShown(!isShown)}
          >
            {t(isShown ? "anomalies.chart-hide" : "anomalies.chart-show")}
            <span class="visually-hidden">: {valueSentence(anomaly, app)}</span>
          </button>
          {isShown && <AnomalyChart anomaly={anomaly} signal={signal} />}
        </>
      )}
    </li>
  );
}
