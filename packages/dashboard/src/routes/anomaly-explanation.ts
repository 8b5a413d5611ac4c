import type { AnomalyEvent, ExplainedAnomaly, JointOpinion } from "@avx/server/contract";
import type { AppState } from "../app-context.ts";
import { signalName } from "./signal-name.ts";

/** From this joint score on the signals together are more unusual than they have been. */
const JOINT_OPEN = 0.5;
/** A signal with less of the joint score than this looks as usual. */
const LEAST_SHARE = 0.1;

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
  if (anomaly.joint) sentences.push(jointSentence(anomaly, anomaly.joint, words));
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

/** What the golden signals of the service say together. */
function jointSentence(
  { signal }: AnomalyEvent,
  joint: JointOpinion,
  words: Pick<Words, "t" | "format">,
): string {
  const { t, format } = words;
  const score = format.quantity(joint.score, "1");
  if (joint.score < JOINT_OPEN) return t("anomalies.joint-before", { score });
  const main = joint.shares.filter(({ share }) => share >= LEAST_SHARE);
  if (main.every((part) => part.signal === signal)) return t("anomalies.joint-alone", { score });
  const names = main.map((part) => {
    const name = signalName({ signal: part.signal, metric: "" }, words);
    return `${name} (${format.wholePercent(part.share)})`;
  });
  return t("anomalies.joint", { score, names: names.join(", ") });
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
