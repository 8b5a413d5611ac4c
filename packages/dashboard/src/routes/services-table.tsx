import type { AnomalyRibbonsAnswer, ServiceSummary } from "@avx/server/contract";
import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import type { AnomalyEpisode } from "../charts/anomaly-episodes.ts";
import { AnomalyRibbon } from "../charts/anomaly-ribbon.tsx";
import { Sparkline } from "../charts/sparkline.tsx";
import { ServiceName } from "../elements/service-name.tsx";
import { StatusBadge } from "../elements/status-badge.tsx";
import { ViewLink } from "../elements/view-link.tsx";
import { NO_VALUE } from "../format/formatter.ts";
import { serviceReason } from "./service-reason.ts";

interface Props {
  readonly services: readonly ServiceSummary[];
  readonly episodes: readonly AnomalyEpisode[];
  /** `null` while they are not known. */
  readonly ribbons: AnomalyRibbonsAnswer | null;
}

/** One row a service, in the server's order: worst first. On a phone each row is a card. */
export function ServicesTable({ services, episodes, ribbons }: Props): VNode {
  const { t } = useApp();
  return (
    <div class="table-frame">
      <table class="table cards services-table">
        <caption class="visually-hidden">{t("services.caption")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("column.status")}</th>
            <th scope="col">{t("column.service")}</th>
            <th scope="col" class="number">
              {t("column.rate")}
            </th>
            <th scope="col">{t("column.trend")}</th>
            <th scope="col" class="number">
              {t("column.errors")}
            </th>
            <th scope="col" class="number">
              {t("series.p50")}
            </th>
            <th scope="col" class="number">
              {t("series.p95")}
            </th>
            <th scope="col" class="number">
              {t("series.p99")}
            </th>
            <th scope="col">{t("column.ribbon")}</th>
            <th scope="col" class="number">
              {t("column.anomalies")}
            </th>
          </tr>
        </thead>
        <tbody>
          {services.map((summary) => (
            <ServiceRow
              key={summary.service}
              summary={summary}
              episodes={episodes}
              ribbons={ribbons}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Keeps the line of a reason that comes with the anomalies, so that the rows do not move. */
const NO_REASON_YET = "\u00a0";

interface RowProps extends Omit<Props, "services"> {
  readonly summary: ServiceSummary;
}

function ServiceRow({ summary, episodes, ribbons }: RowProps): VNode {
  const app = useApp();
  const { t, format } = app;
  const { service, status, errorRatio, openAnomalies } = summary;
  const reason = serviceReason(summary, episodes, app);
  const isFailing = errorRatio !== null && errorRatio >= 0.01;
  return (
    <tr class={`row-${status}`}>
      <td class="cell-status">
        <StatusBadge status={status} />
      </td>
      <th scope="row" class="cell-name">
        <ViewLink to={{ route: { page: "service", service } }} class="row-link" title={service}>
          <ServiceName service={service} />
        </ViewLink>
        {status !== "ok" && <p class="reason">{reason === "" ? NO_REASON_YET : reason}</p>}
      </th>
      <td class="number" data-label={t("column.rate")}>
        {format.quantity(summary.requestsPerSecond, "1/s")}
      </td>
      <td class="cell-spark">
        <Sparkline service={service} values={summary.rateSparkline} />
      </td>
      <td class={isFailing ? "number is-failing" : "number"} data-label={t("column.errors")}>
        {format.quantity(errorRatio, "ratio")}
      </td>
      <td class="number" data-label={t("series.p50")}>
        {format.quantity(summary.p50Seconds, "s")}
      </td>
      <td class="number" data-label={t("series.p95")}>
        {format.quantity(summary.p95Seconds, "s")}
      </td>
      <td class="number" data-label={t("series.p99")}>
        {format.quantity(summary.p99Seconds, "s")}
      </td>
      <td class="cell-ribbon" data-label={t("column.ribbon")}>
        <RibbonCell service={service} ribbons={ribbons} />
      </td>
      <td class="number" data-label={t("column.anomalies")}>
        {openAnomalies > 0 ? (
          <span class="anomaly-count">◆ {format.integer(openAnomalies)}</span>
        ) : (
          format.integer(0)
        )}
      </td>
    </tr>
  );
}

interface RibbonProps extends Pick<Props, "ribbons"> {
  readonly service: string;
}

function RibbonCell({ service, ribbons }: RibbonProps): VNode {
  const { t } = useApp();
  const ribbon = ribbons?.ribbons.find((one) => one.service === service);
  if (ribbons === null || ribbon === undefined)
    return (
      <span class="ribbon" role="img" aria-label={t("ribbon.none", { service })}>
        {ribbons === null ? "" : NO_VALUE}
      </span>
    );
  return <AnomalyRibbon ribbon={ribbon} startMs={ribbons.startMs} cellMs={ribbons.cellMs} />;
}
