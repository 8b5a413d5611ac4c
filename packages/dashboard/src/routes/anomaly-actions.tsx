import type { AnomalyFeedback, ExplainedAnomaly } from "@avx/server/contract";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { feedbackRequest, muteRequest } from "../data/anomaly-requests.ts";
import { ApiError, ask } from "../data/api-client.ts";
import type { Translate } from "../i18n/translate.ts";
import { signalName } from "./signal-name.ts";

const VERDICTS = [
  { verdict: "useful", name: "anomalies.useful", thanks: "anomalies.thanks-useful" },
  { verdict: "expected", name: "anomalies.expected", thanks: "anomalies.thanks-expected" },
] as const;
const MUTE_LENGTHS_MS = [3_600_000, 86_400_000];

/** Why something that was asked for did not happen. */
export function failedText(cause: unknown, t: Translate): string {
  const detail = cause instanceof ApiError ? cause.failure.detail : String(cause);
  return t("anomalies.failed", { detail });
}

/** What an operator says of an anomaly: useful, expected, or not now. */
export function AnomalyActions({ anomaly }: { readonly anomaly: ExplainedAnomaly }): VNode {
  const { t, format, refresh } = useApp();
  const [given, setGiven] = useState<AnomalyFeedback | null>(anomaly.feedback);
  const [said, setSaid] = useState("");
  const run = (task: (signal: AbortSignal) => Promise<string>): void => {
    task(new AbortController().signal).then(setSaid, (cause: unknown) =>
      setSaid(failedText(cause, t)),
    );
  };
  const give = ({ verdict, thanks }: (typeof VERDICTS)[number]): void =>
    run(async (signal) => {
      await ask(feedbackRequest(anomaly.id, verdict), signal);
      setGiven(verdict);
      return t(thanks);
    });
  const mute = (durationMs: number): void =>
    run(async (signal) => {
      const { untilMs } = await ask(muteRequest(anomaly, durationMs), signal);
      refresh();
      return t("anomalies.muted", { time: format.time(untilMs) });
    });
  return (
    <div class="anomaly-actions">
      <fieldset class="segments" aria-label={t("anomalies.feedback")}>
        {VERDICTS.map((one) => (
          <button
            key={one.verdict}
            type="button"
            aria-pressed={given === one.verdict}
            onClick={() => give(one)}
          >
            {t(one.name)}
          </button>
        ))}
      </fieldset>
      {MUTE_LENGTHS_MS.map((durationMs) => (
        <button
          key={durationMs}
          type="button"
          class="quiet-button"
          onClick={() => mute(durationMs)}
        >
          {t("anomalies.mute", {
            signal: signalName(anomaly, { t }),
            length: format.length(durationMs),
          })}
        </button>
      ))}
      <output class="quiet">{said}</output>
    </div>
  );
}
