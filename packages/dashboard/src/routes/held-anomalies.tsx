import type { HeldAnomaly } from "@avx/server/contract";
import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { heldRequest } from "../data/anomaly-requests.ts";
import { useAnswer } from "../data/use-answer.ts";
import { AnswerView } from "../elements/answer-view.tsx";
import { ServiceName } from "../elements/service-name.tsx";
import { formatTimePoint } from "../state/time-range.ts";
import { valueSentence } from "./anomaly-explanation.ts";
import { reasonText } from "./anomaly-words.ts";
import { problemText } from "./quality-words.ts";

/** Findings that nobody was told of, as the samples that they rest on cannot be trusted. */
export function HeldAnomalies(): VNode {
  const { t, view, range, nowMs } = useApp();
  const { from, to } = view.range;
  const subject = `held ${view.service} ${formatTimePoint(from)} ${formatTimePoint(to)}`;
  const turns = { always: nowMs, afterFailure: nowMs };
  const answer = useAnswer(subject, heldRequest(view.service, range), turns);
  return (
    <section class="panel">
      <h2 class="panel-title">{t("held.title")}</h2>
      <AnswerView answer={answer} what={t("held.what")} isPart>
        {({ held }) =>
          held.length === 0 ? (
            <p class="quiet">{t("held.none")}</p>
          ) : (
            <ul class="anomaly-list">
              {held.map((anomaly) => (
                <HeldItem key={anomaly.id} anomaly={anomaly} />
              ))}
            </ul>
          )
        }
      </AnswerView>
    </section>
  );
}

function HeldItem({ anomaly }: { readonly anomaly: HeldAnomaly }): VNode {
  const app = useApp();
  const { t, format } = app;
  const { service, hold, timestampMs } = anomaly;
  const why = [
    t("held.quality", { quality: format.quantity(hold.quality, "ratio") }),
    ...hold.problems.map((problem) => problemText(problem, app)),
  ];
  return (
    <li class="anomaly-item">
      <h3 class="anomaly-headline">
        <ServiceName service={service} /> {valueSentence(anomaly, app)}
      </h3>
      <p class="detail">
        {format.time(timestampMs)} {reasonText(anomaly, app)}
      </p>
      <p class="detail">{why.join(" · ")}</p>
    </li>
  );
}
