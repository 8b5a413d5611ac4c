import type { ExplainedAnomaly, GoldenSignal } from "@avx/server/contract";
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { ChartPanel } from "../charts/chart-panel.tsx";
import { withExpectedBand } from "../charts/expected-band.ts";
import { linesModel, QUANTILE_STYLES } from "../charts/signal-models.ts";
import { combineAnswers } from "../data/combine-answers.ts";
import { mapAnswer } from "../data/map-answer.ts";
import { stepGrid } from "../data/query-step.ts";
import {
  errorShareQuery,
  eventLoopQuery,
  expectedQuery,
  latencyQuery,
  type QueryScope,
  rateQuery,
} from "../data/signal-queries.ts";
import { useRangeQuery } from "../data/use-signals.ts";
import { signalName } from "./signal-name.ts";

/** Time shown before and after, so that the change is seen. */
const CONTEXT_MS = 300_000;
const HEIGHT_PX = 160;

const QUERIES: Readonly<Record<GoldenSignal, (scope: QueryScope) => string>> = {
  latency: (scope) => latencyQuery(scope, 0.95),
  traffic: rateQuery,
  errors: errorShareQuery,
  saturation: eventLoopQuery,
};
const lowerQuery = (scope: QueryScope): string => expectedQuery(scope, "lower");
const upperQuery = (scope: QueryScope): string => expectedQuery(scope, "upper");

interface Props {
  readonly anomaly: ExplainedAnomaly;
  readonly signal: GoldenSignal;
}

/** The signal around an anomaly, with the band in which it was expected. */
export function AnomalyChart({ anomaly, signal }: Props): VNode {
  const { t, nowMs } = useApp();
  const { service, timestampMs, id, unit } = anomaly;
  const endMs = Math.min(nowMs, (anomaly.endMs ?? nowMs) + CONTEXT_MS);
  const range = { startMs: timestampMs - CONTEXT_MS, endMs };
  const { startMs, endMs: gridEndMs, stepMs } = stepGrid(range, nowMs);
  const grid = useMemo(() => ({ startMs, endMs: gridEndMs, stepMs }), [startMs, gridEndMs, stepMs]);
  const measured = useRangeQuery(QUERIES[signal], service, grid);
  const lower = useRangeQuery(lowerQuery, service, grid);
  const upper = useRangeQuery(upperQuery, service, grid);
  const title = signalName(anomaly, { t });
  const answer = mapAnswer(combineAnswers([measured, lower, upper]), ([values, low, high]) => {
    const expression = QUERIES[signal]({ service, stepMs });
    const line = { key: "value", name: t("series.value"), style: QUANTILE_STYLES.p99, expression };
    const lines = values === undefined ? [] : [{ ...line, answer: values }];
    const mark = {
      startMs: timestampMs,
      endMs: anomaly.endMs ?? nowMs,
      key: id,
      label: "◆",
      name: title,
    };
    const model = linesModel({ title, unit, range }, lines, [mark]);
    if (low === undefined || high === undefined) return model;
    const names = { lower: t("series.expected-lower"), upper: t("series.expected-upper") };
    return withExpectedBand(model, signal, { bounds: { lower: low, upper: high }, names });
  });
  return <ChartPanel title={title} answer={answer} heightPx={HEIGHT_PX} />;
}
