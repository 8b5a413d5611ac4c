import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import type { AnomalyEpisode } from "../charts/anomaly-episodes.ts";
import { ChartPanel } from "../charts/chart-panel.tsx";
import { serviceStyle } from "../charts/series-style.ts";
import {
  ERROR_STYLE,
  episodeMarks,
  linesModel,
  type PlotLine,
  QUANTILE_STYLES,
} from "../charts/signal-models.ts";
import { useExpectedBand } from "../charts/use-expected-band.ts";
import { combineAnswers } from "../data/combine-answers.ts";
import { mapAnswer } from "../data/map-answer.ts";
import type { GridAnswer } from "../data/prometheus.ts";
import type { StepGrid } from "../data/query-step.ts";
import {
  errorShareQuery,
  eventLoopQuery,
  latencyQuery,
  type QueryScope,
  rateQuery,
} from "../data/signal-queries.ts";
import type { Answer } from "../data/use-answer.ts";
import { useRangeQuery } from "../data/use-signals.ts";
import type { Unit } from "../format/units.ts";

/** Plots of one height, so that rows align and slopes compare. */
export const SIGNAL_HEIGHT_PX = 180;

const QUANTILES = ["p50", "p95", "p99"] as const;
const p50Query = (scope: QueryScope): string => latencyQuery(scope, 0.5);
const p95Query = (scope: QueryScope): string => latencyQuery(scope, 0.95);
const p99Query = (scope: QueryScope): string => latencyQuery(scope, 0.99);
const QUANTILE_QUERIES = { p50: p50Query, p95: p95Query, p99: p99Query };

interface Props {
  readonly service: string;
  readonly grid: StepGrid;
  readonly episodes: readonly AnomalyEpisode[];
}

interface SignalLine extends Omit<PlotLine, "answer" | "expression"> {
  readonly query: (scope: QueryScope) => string;
}

interface SignalPanel {
  readonly signal: AnomalyEpisode["signal"];
  readonly title: string;
  readonly unit: Unit;
  readonly answers: readonly Answer<GridAnswer>[];
  readonly lines: readonly SignalLine[];
}

/** Latency, traffic, errors, saturation: always in this order and place. */
export function GoldenSignals({ service, grid, episodes }: Props): VNode {
  const { t, format, range } = useApp();
  const p50 = useRangeQuery(p50Query, service, grid);
  const p95 = useRangeQuery(p95Query, service, grid);
  const p99 = useRangeQuery(p99Query, service, grid);
  const rate = useRangeQuery(rateQuery, service, grid);
  const errors = useRangeQuery(errorShareQuery, service, grid);
  const eventLoop = useRangeQuery(eventLoopQuery, service, grid);
  const scope = { service, stepMs: grid.stepMs };
  const own = { ...serviceStyle(service), dash: [] };
  const banded = useExpectedBand(service, grid);
  const panel = ({ signal, title, unit, answers, lines }: SignalPanel): VNode => {
    const marks = episodeMarks(
      episodes.filter((episode) => episode.signal === signal),
      ({ number }) => t("anomaly.mark", { number }),
      ({ peak }) => format.quantity(peak.peakValue, peak.unit),
    );
    const answer = mapAnswer(combineAnswers(answers), (data) =>
      banded(
        linesModel(
          { title, unit, range },
          lines.flatMap(({ query, ...line }, i) =>
            withAnswer({ ...line, expression: query(scope) }, data[i]),
          ),
          marks,
        ),
        signal,
      ),
    );
    return <ChartPanel title={title} answer={answer} heightPx={SIGNAL_HEIGHT_PX} />;
  };
  return (
    <>
      {panel({
        signal: "latency",
        title: t("service.latency"),
        unit: "s",
        answers: [p50, p95, p99],
        lines: QUANTILES.map((key) => ({
          key,
          name: t(`series.${key}`),
          style: QUANTILE_STYLES[key],
          query: QUANTILE_QUERIES[key],
        })),
      })}
      {panel({
        signal: "traffic",
        title: t("service.traffic"),
        unit: "1/s",
        answers: [rate],
        lines: [{ key: "rate", name: t("series.requests"), style: own, query: rateQuery }],
      })}
      {panel({
        signal: "errors",
        title: t("service.errors"),
        unit: "ratio",
        answers: [errors],
        lines: [
          { key: "errors", name: t("series.errors"), style: ERROR_STYLE, query: errorShareQuery },
        ],
      })}
      {panel({
        signal: "saturation",
        title: t("service.saturation"),
        unit: "ratio",
        answers: [eventLoop],
        lines: [
          { key: "event-loop", name: t("series.event-loop"), style: own, query: eventLoopQuery },
        ],
      })}
    </>
  );
}

function withAnswer(
  line: Omit<PlotLine, "answer">,
  answer: GridAnswer | undefined,
): readonly PlotLine[] {
  return answer === undefined ? [] : [{ ...line, answer }];
}
