import type { AnomalyEvent, ExplainedAnomaly } from "@avx/server/contract";
import type { AppState } from "../app-context.ts";
import { signalName } from "./signal-name.ts";

type Words = Pick<AppState, "t" | "format" | "nowMs">;

/** How far it went and what was expected: the headline of an anomaly. */
export function valueSentence(
  anomaly: AnomalyEvent,
  { t, format }: Pick<Words, "t" | "format">,
): string {
  const { expectedLower, expectedUpper, unit, peakValue } = anomaly;
  const signal = signalName(anomaly, { t });
  const value = format.quantity(peakValue, unit);
  if (expectedLower === null || expectedUpper === null || anomaly.reason === "absent")
    return t("anomalies.value-plain", { signal, value });
  const lower = format.quantity(
    anomaly.signal === "metric" ? expectedLower : Math.max(0, expectedLower),
    unit,
  );
  return t("anomalies.value", {
    signal,
    value,
    lower,
    upper: format.quantity(expectedUpper, unit),
    moment: format.weekdayMinute(anomaly.timestampMs),
  });
}

/** Since when, after which change, with what else, how often before: parts of the explanation. */
export function explanationSentences(anomaly: ExplainedAnomaly, words: Words): readonly string[] {
  const { t, format, nowMs } = words;
  const { timestampMs, endMs, explanation } = anomaly;
  const length = format.length(Math.max(1000, (endMs ?? nowMs) - timestampMs));
  const [change] = explanation.changes;
  const sentences = [t("anomalies.since", { time: format.time(timestampMs), length })];
  if (endMs === null) sentences.push(t("anomalies.still"));
  if (change !== undefined) {
    const key = change.kind === "deploy" ? "anomalies.after-deploy" : "anomalies.after-config";
    sentences.push(t(key, { title: change.title, time: format.time(change.timestampMs) }));
  }
  if (explanation.related.length > 0) {
    const names = explanation.related.map((other) =>
      t("anomalies.related-one", { service: other.service, signal: signalName(other, words) }),
    );
    sentences.push(t("anomalies.related", { names: names.join(", ") }));
  }
  if (explanation.similarCount > 0 && explanation.similarLastMs !== null) {
    const ago = format.ago(nowMs - explanation.similarLastMs);
    sentences.push(t("anomalies.similar", { count: explanation.similarCount, ago }));
  }
  return sentences;
}

/** A service with its anomalies. */
export interface ServiceAnomalies {
  readonly service: string;
  readonly anomalies: readonly ExplainedAnomaly[];
  readonly openCount: number;
}

/** Anomalies by service: services with open ones first, then the latest first. */
export function byService(anomalies: readonly ExplainedAnomaly[]): readonly ServiceAnomalies[] {
  const latest = (group: ServiceAnomalies): number => group.anomalies[0]?.timestampMs ?? 0;
  return [...Map.groupBy(anomalies, ({ service }) => service)]
    .map(([service, found]) => ({
      service,
      anomalies: [...found].sort((a, b) => b.timestampMs - a.timestampMs),
      openCount: found.filter(({ endMs }) => endMs === null).length,
    }))
    .sort((a, b) => b.openCount - a.openCount || latest(b) - latest(a));
}
