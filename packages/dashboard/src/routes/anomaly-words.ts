import type { AnomalyEvent } from "@avx/server/contract";
import type { AppState } from "../app-context.ts";
import type { AnomalyEpisode } from "../charts/anomaly-episodes.ts";
import type { MessageKey } from "../i18n/catalogue.ts";

type ReasonKey = Extract<MessageKey, `reason.${string}`>;

type Words = Pick<AppState, "t" | "format">;

/** From when to when an episode lasted. */
export function episodeTime(
  { startMs, endMs }: AnomalyEpisode,
  { format, nowMs }: Words & Pick<AppState, "nowMs">,
): string {
  const isToday = format.day(startMs) === format.day(nowMs);
  const day = isToday ? "" : `${format.day(startMs)} `;
  const start = format.time(startMs);
  if (endMs === null) return `${day}${start}–`;
  return endMs - startMs < 1000 ? day + start : `${day}${start}–${format.time(endMs)}`;
}

/** What was expected at the peak: the bound that it broke. Empty when the detector does not say. */
export function expectedText({ peak }: AnomalyEpisode, { t, format }: Words): string {
  const bound = (value: number): string => format.quantity(value, peak.unit);
  const { expectedLower: lower, expectedUpper: upper } = peak;
  if (lower !== null && upper !== null && peak.peakValue >= lower && peak.peakValue <= upper)
    return t("anomaly.between", { lower: bound(Math.max(0, lower)), upper: bound(upper) });
  if (upper !== null && (lower === null || peak.peakValue > upper))
    return t("anomaly.at-most", { upper: bound(upper) });
  return lower === null ? "" : t("anomaly.at-least", { lower: bound(lower) });
}

/** Which detector found the peak, and by how much. */
export function detectorText({ peak }: AnomalyEpisode, words: Words): string {
  const seen = reasonText(peak, words);
  const score = scoreText(peak, words);
  return seen === "" ? score : `${seen}. ${score}`;
}

/** Which detector found it, how sure it was, and from where on it says so. */
export function scoreText(
  { detector, score, threshold }: Pick<AnomalyEvent, "detector" | "score" | "threshold">,
  { t, format }: Words,
): string {
  const text = (value: number): string => format.quantity(value, "1");
  return t("anomaly.score", { detector, score: text(score), threshold: text(threshold) });
}

/** What the detector saw; empty for a reason that this page does not know. */
export function reasonText(
  { reason }: { readonly reason: string },
  { t }: Pick<Words, "t">,
): string {
  const key = REASON_KEYS.get(reason);
  return key === undefined ? "" : t(key);
}

/** What the detector saw, in words; the reasons are those of the anomaly reference. */
const REASON_KEYS: ReadonlyMap<string, ReasonKey> = new Map([
  ["jump-up", "reason.jump-up"],
  ["jump-down", "reason.jump-down"],
  ["burst-up", "reason.burst-up"],
  ["burst-down", "reason.burst-down"],
  ["shift-up", "reason.shift-up"],
  ["shift-down", "reason.shift-down"],
  ["drift-up", "reason.drift-up"],
  ["drift-down", "reason.drift-down"],
  ["extreme-up", "reason.extreme-up"],
  ["extreme-down", "reason.extreme-down"],
  ["season-up", "reason.season-up"],
  ["season-down", "reason.season-down"],
  ["variance", "reason.variance"],
  ["pattern", "reason.pattern"],
  ["flat-line", "reason.flat-line"],
  ["absent", "reason.absent"],
]);
