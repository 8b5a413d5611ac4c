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
import { AnomalyActions } from "./anomaly-actions.tsx";
import { AnomalyChart } from "./anomaly-chart.tsx";
import {
  byService,
  explanationSentences,
  type ServiceAnomalies,
  valueSentence,
} from "./anomaly-explanation.ts";
import { reasonText } from "./anomaly-words.ts";

/** Anomalies drawn of one service; the rest is found in a shorter range. */
const MAX_OF_SERVICE = 20;

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

function AnomalyItem({ anomaly }: { readonly anomaly: ExplainedAnomaly }): VNode {
  const app = useApp();
  const { t } = app;
  const { signal } = anomaly;
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
      </p>
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
