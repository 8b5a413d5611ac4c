import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { anomalyEpisodes } from "../charts/anomaly-episodes.ts";
import { dataOf } from "../data/use-answer.ts";
import { useAnomalies, useGrid } from "../data/use-signals.ts";
import { AnswerView } from "../elements/answer-view.tsx";
import { AnomalyTable } from "./anomaly-table.tsx";
import { ForecastPanel } from "./forecast-panel.tsx";
import { GoldenSignals } from "./golden-signals.tsx";
import { QualityPanel } from "./quality-panel.tsx";
import { RecentTraces } from "./recent-traces.tsx";
import { RoutesPanel } from "./routes-panel.tsx";
import { ServiceHead } from "./service-head.tsx";

/** One service: four golden signals on one grid, the forecast, what was unusual, and where. */
export function ServiceRoute({ service }: { readonly service: string }): VNode {
  const { t, range } = useApp();
  const grid = useGrid();
  const anomalies = useAnomalies(service);
  const events = dataOf(anomalies)?.anomalies;
  const episodes = useMemo(
    () => anomalyEpisodes(events ?? [], range.startMs),
    [events, range.startMs],
  );
  return (
    <>
      <ServiceHead service={service} episodes={episodes} />
      <div class="service-grid">
        <GoldenSignals service={service} grid={grid} episodes={episodes} />
        <ForecastPanel service={service} grid={grid} />
        <section class="panel panel-anomalies">
          <h2 class="panel-title">{t("service.anomalies")}</h2>
          <AnswerView answer={anomalies} what={t("service.anomalies")} isPart>
            {() =>
              episodes.length === 0 ? (
                <p class="quiet">{t("service.no-anomalies")}</p>
              ) : (
                <AnomalyTable
                  caption={t("service.anomalies-caption", { service })}
                  episodes={episodes}
                  withService={false}
                />
              )
            }
          </AnswerView>
        </section>
        <RoutesPanel service={service} />
        <QualityPanel service={service} />
        <RecentTraces service={service} />
      </div>
    </>
  );
}
