import type { AnomalyMute } from "@avx/server/contract";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { MUTES_REQUEST, unmuteRequest } from "../data/anomaly-requests.ts";
import { ask } from "../data/api-client.ts";
import { useAnswer } from "../data/use-answer.ts";
import { AnswerView } from "../elements/answer-view.tsx";
import { ServiceName } from "../elements/service-name.tsx";
import { failedText } from "./anomaly-actions.tsx";
import { SIGNAL_KEYS } from "./service-reason.ts";

/** Somebody else's mutes show up so soon. */
const ASK_EVERY_MS = 15_000;
const MINUTE_MS = 60_000;

/** What is not shown for a while, until when and why, and a way to end that now. */
export function AnomalyMutes(): VNode {
  const { t, view, nowMs, refreshes } = useApp();
  const turns = { always: Math.floor(nowMs / ASK_EVERY_MS) + refreshes, afterFailure: nowMs };
  const answer = useAnswer("mutes", MUTES_REQUEST, turns);
  const [said, setSaid] = useState("");
  return (
    <section class="panel">
      <h2 class="panel-title">{t("mutes.title")}</h2>
      <AnswerView answer={answer} what={t("mutes.what")} isPart>
        {({ mutes }) => {
          const own = mutes.filter(
            ({ service, untilMs }) =>
              untilMs > nowMs && (view.service === null || view.service === service),
          );
          if (own.length === 0) return <p class="quiet">{t("mutes.none")}</p>;
          return (
            <ul class="anomaly-list">
              {own.map((mute) => (
                <MuteItem key={mute.id} mute={mute} onSay={setSaid} />
              ))}
            </ul>
          );
        }}
      </AnswerView>
      <output class="quiet">{said}</output>
    </section>
  );
}

interface ItemProps {
  readonly mute: AnomalyMute;
  readonly onSay: (words: string) => void;
}

function MuteItem({ mute, onSay }: ItemProps): VNode {
  const { t, format, nowMs, refresh } = useApp();
  const { id, service, signal, untilMs, note } = mute;
  const what = signal === null ? t("mutes.all") : t(SIGNAL_KEYS[signal]);
  const end = (): void => {
    ask(unmuteRequest(id), new AbortController().signal).then(
      () => {
        onSay(t("mutes.ended", { signal: what, service }));
        refresh();
      },
      (cause: unknown) => onSay(failedText(cause, t)),
    );
  };
  return (
    <li class="anomaly-item mute-item">
      <div>
        <ServiceName service={service} /> {what}
        <p class="detail">
          {t("mutes.until", {
            time: format.dateTime(untilMs),
            length: format.length(Math.ceil((untilMs - nowMs) / MINUTE_MS) * MINUTE_MS),
          })}
          {note !== "" && ` · ${note}`}
        </p>
      </div>
      <button type="button" class="button" onClick={end}>
        {t("mutes.end")}
        <span class="visually-hidden">
          : {service}, {what}
        </span>
      </button>
    </li>
  );
}
