import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { ChartPanel } from "../charts/chart-panel.tsx";
import { byServiceModel, type RestRule } from "../charts/signal-models.ts";
import { mapAnswer } from "../data/map-answer.ts";
import {
  errorShareQuery,
  latencyQuery,
  type QueryScope,
  rateQuery,
} from "../data/signal-queries.ts";
import { useGrid, useRangeQuery } from "../data/use-signals.ts";
import type { Unit } from "../format/units.ts";

const HEIGHT_PX = 190;
const p99Query = (scope: QueryScope): string => latencyQuery(scope, 0.99);

/** Rate, errors and latency of all services, or of the chosen one, side by side. */
export function ServicesCharts({ service }: { readonly service: string | null }): VNode {
  const { t, range } = useApp();
  const grid = useGrid();
  const rate = useRangeQuery(rateQuery, service, grid);
  const errors = useRangeQuery(errorShareQuery, service, grid);
  const p99 = useRangeQuery(p99Query, service, grid);
  const leaveOut: RestRule = { kind: "leave-out" };
  const others: RestRule = { kind: "sum", name: (count) => t("series.other", { count }) };
  const panel = (
    frame: { title: string; unit: Unit },
    answer: typeof rate,
    by: { rest: RestRule; query: (scope: QueryScope) => string },
  ): VNode => (
    <ChartPanel
      title={frame.title}
      heightPx={HEIGHT_PX}
      answer={mapAnswer(answer, (data) =>
        byServiceModel(
          { ...frame, range },
          {
            answer: data,
            rest: by.rest,
            expressionOf: (one) => by.query({ service: one, stepMs: grid.stepMs }),
          },
        ),
      )}
    />
  );
  return (
    <div class="grid-3">
      {panel({ title: t("services.chart-rate"), unit: "1/s" }, rate, {
        rest: others,
        query: rateQuery,
      })}
      {panel({ title: t("services.chart-errors"), unit: "ratio" }, errors, {
        rest: leaveOut,
        query: errorShareQuery,
      })}
      {panel({ title: t("services.chart-p99"), unit: "s" }, p99, {
        rest: leaveOut,
        query: p99Query,
      })}
    </div>
  );
}
