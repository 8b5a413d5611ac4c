import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import type { AnomalyEpisode } from "../charts/anomaly-episodes.ts";
import { ServiceName } from "../elements/service-name.tsx";
import { ViewLink } from "../elements/view-link.tsx";
import { fixedRange, type TimeRange } from "../state/time-range.ts";
import { detectorText, episodeTime, expectedText } from "./anomaly-words.ts";
import { SIGNAL_KEYS } from "./service-reason.ts";

/** Time shown before and after an episode, so that the change is seen. */
const CONTEXT_MS = 300_000;
/** Rows that are listed; the rest is found in a shorter range. */
const MAX_ROWS = 12;

interface Props {
  readonly caption: string;
  readonly episodes: readonly AnomalyEpisode[];
  readonly withService: boolean;
}

/** Anomalies by name, newest first; each leads to its service with the charts around it. */
export function AnomalyTable({ caption, episodes, withService }: Props): VNode {
  const { t } = useApp();
  return (
    <div class="table-frame">
      <table class="table cards anomaly-table">
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t("column.anomaly")}</th>
            {withService && <th scope="col">{t("column.service")}</th>}
            <th scope="col">{t("column.when")}</th>
            <th scope="col" class="number">
              {t("column.peak")}
            </th>
          </tr>
        </thead>
        <tbody>
          {episodes.slice(0, MAX_ROWS).map((episode) => (
            <AnomalyRow key={episode.id} episode={episode} withService={withService} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly episode: AnomalyEpisode;
  readonly withService: boolean;
}

function AnomalyRow({ episode, withService }: RowProps): VNode {
  const app = useApp();
  const { t, format, nowMs } = app;
  const { service, signal, peak, number } = episode;
  const name = t("anomaly.name", { number });
  const expected = expectedText(episode, app);
  return (
    <tr>
      <th scope="row" class="cell-name">
        <ViewLink
          to={{ route: { page: "service", service }, range: rangeAround(episode, nowMs) }}
          class="row-link anomaly-link"
          title={t("anomaly.show", { name })}
        >
          <span aria-hidden="true">◆</span>{" "}
          {t("anomaly.name-signal", {
            name,
            signal: signal === "metric" ? peak.metric : t(SIGNAL_KEYS[signal]),
          })}
        </ViewLink>
        <p class="detail">{detectorText(episode, app)}</p>
      </th>
      {withService && (
        <td data-label={t("column.service")}>
          <ServiceName service={service} />
        </td>
      )}
      <td data-label={t("column.when")} class="cell-time">
        {episodeTime(episode, app)}
      </td>
      <td data-label={t("column.peak")} class="number">
        {format.quantity(peak.peakValue, peak.unit)}
        {expected !== "" && (
          <p class="detail">
            <span class="visually-hidden">{t("column.expected")}: </span>
            {expected}
          </p>
        )}
      </td>
    </tr>
  );
}

function rangeAround({ startMs, endMs }: AnomalyEpisode, nowMs: number): TimeRange {
  return fixedRange(
    startMs - CONTEXT_MS,
    endMs === null ? nowMs : Math.min(endMs + CONTEXT_MS, nowMs),
  );
}
