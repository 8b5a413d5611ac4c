import type { AnomaliesAnswer } from "@avx/server/contract";
import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import type { AnomalyEpisode } from "../charts/anomaly-episodes.ts";
import type { Answer } from "../data/use-answer.ts";
import { AnswerView } from "../elements/answer-view.tsx";
import { AnomalyTable } from "./anomaly-table.tsx";

interface Props {
  readonly answer: Answer<AnomaliesAnswer>;
  readonly episodes: readonly AnomalyEpisode[];
}

/** What was unusual in the range, over all services. */
export function RecentAnomalies({ answer, episodes }: Props): VNode {
  const { t } = useApp();
  return (
    <section class="panel">
      <h2 class="panel-title">{t("anomaly.recent")}</h2>
      <AnswerView answer={answer} what={t("anomaly.recent")} isPart>
        {() =>
          episodes.length === 0 ? (
            <p class="quiet">{t("service.no-anomalies")}</p>
          ) : (
            <AnomalyTable caption={t("anomaly.recent-caption")} episodes={episodes} withService />
          )
        }
      </AnswerView>
    </section>
  );
}
