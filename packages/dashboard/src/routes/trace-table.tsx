import type { TraceRow } from "@avx/server/contract";
import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { Icon } from "../elements/icon.tsx";
import { ServiceName } from "../elements/service-name.tsx";
import { ViewLink } from "../elements/view-link.tsx";

/** Services that are named in a row; the rest is counted. */
const MAX_SERVICES = 3;

interface Props {
  readonly caption: string;
  readonly traces: readonly TraceRow[];
  /** Without the columns for which a side panel has no room. */
  readonly isCompact: boolean;
}

/** Traces as rows that lead to their waterfall. The bar compares durations within the table. */
export function TraceTable({ caption, traces, isCompact }: Props): VNode {
  const { t } = useApp();
  const longestMs = traces.reduce((most, { durationMs }) => Math.max(most, durationMs), 0);
  return (
    <div class="table-frame">
      <table class="table cards trace-table">
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t("column.start")}</th>
            <th scope="col">{t("column.trace")}</th>
            <th scope="col" class="number">
              {t("column.duration")}
            </th>
            <th scope="col">{t("column.errors")}</th>
            <th scope="col" class="number">
              {t("column.spans")}
            </th>
            {!isCompact && <th scope="col">{t("column.services")}</th>}
          </tr>
        </thead>
        <tbody>
          {traces.map((trace) => (
            <Row key={trace.traceId} trace={trace} longestMs={longestMs} isCompact={isCompact} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly trace: TraceRow;
  readonly longestMs: number;
  readonly isCompact: boolean;
}

function Row({ trace, longestMs, isCompact }: RowProps): VNode {
  const { t, format } = useApp();
  const { traceId, startMs, durationMs, errorCount, spanCount } = trace;
  const hidden = trace.services.length - MAX_SERVICES;
  const share = longestMs > 0 ? Math.max(durationMs / longestMs, 0.01) : 0;
  return (
    <tr>
      <td class="cell-time" data-label={t("column.start")}>
        {!isCompact && `${format.day(startMs)} `}
        {format.time(startMs)}
      </td>
      <th scope="row" class="cell-name">
        <ViewLink to={{ route: { page: "trace", traceId }, spanId: null }} class="row-link">
          <ServiceName service={trace.rootService} />
          <bdi class="trace-name">{trace.rootName}</bdi>
        </ViewLink>
      </th>
      <td class="number cell-duration" data-label={t("column.duration")}>
        <span class="duration-bar" style={{ width: `${share * 100}%` }} aria-hidden="true" />
        <span class="duration-text">{format.quantity(durationMs / 1000, "s")}</span>
      </td>
      <td data-label={t("column.errors")}>
        {errorCount > 0 ? (
          <span class="status status-failing">
            <Icon name="failing" />
            {t("traces.errors", { count: errorCount })}
          </span>
        ) : (
          <span class="cell-quiet">{t("traces.no-errors")}</span>
        )}
      </td>
      <td class="number" data-label={t("column.spans")}>
        {format.integer(spanCount)}
      </td>
      {!isCompact && (
        <td data-label={t("column.services")} class="cell-services">
          {trace.services.slice(0, MAX_SERVICES).map((service) => (
            <ServiceName key={service} service={service} />
          ))}
          {hidden > 0 && <span class="cell-quiet">+{format.integer(hidden)}</span>}
        </td>
      )}
    </tr>
  );
}
