import type { ServiceSummary } from "@avx/server/contract";
import type { AppState } from "../app-context.ts";
import { type AnomalyEpisode, EPISODE_GAP_MS } from "../charts/anomaly-episodes.ts";
import type { MessageKey } from "../i18n/catalogue.ts";

/** Name of each golden signal. */
export const SIGNAL_KEYS = {
  latency: "signal.latency",
  traffic: "signal.traffic",
  errors: "signal.errors",
  saturation: "signal.saturation",
  metric: "signal.metric",
} as const satisfies Record<AnomalyEpisode["signal"], MessageKey>;

/** From this share of failed requests on, the server calls a service degraded. */
const DEGRADED_ERROR_RATIO = 0.01;

/** Why a service is not healthy, in a line; empty when it is or when nothing says why. */
export function serviceReason(
  summary: ServiceSummary,
  episodes: readonly AnomalyEpisode[],
  app: Pick<AppState, "t" | "format" | "range" | "nowMs">,
): string {
  const { t, format, range, nowMs } = app;
  if (summary.status === "ok") return "";
  if (summary.status === "stale")
    return summary.lastSeenMs === null
      ? ""
      : t("services.reason-stale", { ago: format.ago(nowMs - summary.lastSeenMs) });
  const open = episodes.filter(
    ({ service, endMs }) =>
      service === summary.service && (endMs === null || endMs >= range.endMs - EPISODE_GAP_MS),
  );
  const isExplained = open.some(({ signal }) => signal === "errors");
  const reasons: string[] = [];
  if (!isExplained && (summary.errorRatio ?? 0) >= DEGRADED_ERROR_RATIO)
    reasons.push(
      t("services.reason-errors", { value: format.quantity(summary.errorRatio, "ratio") }),
    );
  return [...reasons, ...open.map((episode) => episodeReason(episode, app))].join(" · ");
}

function episodeReason(
  { signal, peak, startMs }: AnomalyEpisode,
  { t, format }: Pick<AppState, "t" | "format">,
): string {
  const words = {
    signal: t(SIGNAL_KEYS[signal]),
    value: format.quantity(peak.peakValue, peak.unit),
    time: format.time(startMs),
  };
  const { expectedUpper } = peak;
  return expectedUpper === null || peak.peakValue <= expectedUpper
    ? t("services.reason-anomaly-plain", words)
    : t("services.reason-anomaly", { ...words, upper: format.quantity(expectedUpper, peak.unit) });
}
