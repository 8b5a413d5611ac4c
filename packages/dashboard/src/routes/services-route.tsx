import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { anomalyEpisodes } from "../charts/anomaly-episodes.ts";
import { useRibbons } from "../data/ribbon-request.ts";
import { dataOf } from "../data/use-answer.ts";
import { useAnomalies } from "../data/use-signals.ts";
import { AnswerView } from "../elements/answer-view.tsx";
import { EmptyPicture } from "../elements/empty-picture.tsx";
import { Lazy } from "../lazy.tsx";
import { RecentAnomalies } from "./recent-anomalies.tsx";
import { RecentTraces } from "./recent-traces.tsx";
import { ServicesHeadline } from "./services-headline.tsx";
import { ServicesTable } from "./services-table.tsx";

const loadCharts = () => import("./services-charts.tsx").then((module) => module.ServicesCharts);

/** All services, worst first; below, how they moved and what was unusual. */
export function ServicesRoute(): VNode {
  const { t, view, range, services, navigate } = useApp();
  const anomalies = useAnomalies(view.service);
  const ribbons = dataOf(useRibbons());
  const events = dataOf(anomalies)?.anomalies;
  const episodes = useMemo(
    () => anomalyEpisodes(events ?? [], range.startMs),
    [events, range.startMs],
  );
  return (
    <AnswerView answer={services} what={t("services.what")}>
      {({ services: all }) => {
        const rows =
          view.service === null ? all : all.filter((one) => one.service === view.service);
        if (all.length === 0)
          return (
            <EmptyPicture title={t("services.empty")} step={t("services.empty-step")}>
              <code class="command">{`OTEL_EXPORTER_OTLP_ENDPOINT=${location.origin}`}</code>
            </EmptyPicture>
          );
        if (rows.length === 0)
          return (
            <EmptyPicture
              title={t("services.empty-filter", { service: view.service ?? "" })}
              step={t("service.empty-step")}
            >
              <button type="button" class="button" onClick={() => navigate({ service: null })}>
                {t("services.filter-clear")}
              </button>
            </EmptyPicture>
          );
        return (
          <>
            <ServicesHeadline services={rows} />
            <ServicesTable services={rows} episodes={episodes} ribbons={ribbons} />
            <Lazy
              load={loadCharts}
              props={{ service: view.service }}
              placeholder={<div class="charts-placeholder" />}
            />
            <div class="grid-2">
              <RecentAnomalies answer={anomalies} episodes={episodes} />
              <RecentTraces service={view.service} />
            </div>
          </>
        );
      }}
    </AnswerView>
  );
}
