import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import type { AnomalyEpisode } from "../charts/anomaly-episodes.ts";
import { EmptyPicture } from "../elements/empty-picture.tsx";
import { ServiceName } from "../elements/service-name.tsx";
import { StaleNotice } from "../elements/stale-notice.tsx";
import { StatusBadge } from "../elements/status-badge.tsx";
import { ViewLink } from "../elements/view-link.tsx";
import { serviceReason } from "./service-reason.ts";

interface Props {
  readonly service: string;
  readonly episodes: readonly AnomalyEpisode[];
}

/** Name, status and why, and the way to the traces; or that the service sent nothing. */
export function ServiceHead({ service, episodes }: Props): VNode {
  const app = useApp();
  const { t, services } = app;
  const summary =
    services.kind === "ready"
      ? services.data.services.find((one) => one.service === service)
      : undefined;
  const reason = summary ? serviceReason(summary, episodes, app) : "";
  return (
    <>
      {services.kind === "ready" && services.failure && (
        <StaleNotice receivedMs={services.receivedMs} failure={services.failure} />
      )}
      <div class="service-head">
        <h1>
          <ServiceName service={service} />
        </h1>
        {summary && <StatusBadge status={summary.status} />}
        {reason !== "" && <p class="reason">{reason}</p>}
        <span class="head-links">
          <ViewLink to={{ route: { page: "traces" }, service }} class="button">
            {t("service.traces")}
          </ViewLink>
          <ViewLink to={{ route: { page: "traces" }, service, errorsOnly: true }} class="button">
            {t("service.error-traces")}
          </ViewLink>
        </span>
      </div>
      {services.kind === "ready" && !summary && (
        <EmptyPicture title={t("service.empty", { service })} step={t("service.empty-step")} />
      )}
    </>
  );
}
