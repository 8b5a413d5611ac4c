import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { combineAnswers } from "../data/combine-answers.ts";
import { mapAnswer } from "../data/map-answer.ts";
import { routeErrorShareQuery, routeLatencyQuery, routeRateQuery } from "../data/signal-queries.ts";
import { useInstantQuery } from "../data/use-signals.ts";
import { AnswerView } from "../elements/answer-view.tsx";
import { type RouteRow, routeRows } from "./route-rows.ts";

/** Window of the figures: long enough for rare routes, short enough to speak of now. */
const WINDOW_MS = 300_000;

/** The busiest routes of a service with their rate, errors and p95. */
export function RoutesPanel({ service }: { readonly service: string }): VNode {
  const { t, format } = useApp();
  const scope = { service, stepMs: WINDOW_MS };
  const rates = useInstantQuery(routeRateQuery(scope));
  const errors = useInstantQuery(routeErrorShareQuery(scope));
  const latencies = useInstantQuery(routeLatencyQuery(scope, 0.95));
  const rows = mapAnswer(combineAnswers([rates, errors, latencies]), ([rate, error, latency]) =>
    routeRows(rate ?? [], error ?? [], latency ?? []),
  );
  return (
    <section class="panel panel-routes">
      <h2 class="panel-title">
        {t("service.routes")}{" "}
        <span class="chart-unit">
          {t("service.routes-note", { length: format.length(WINDOW_MS) })}
        </span>
      </h2>
      <AnswerView answer={rows} what={t("service.routes")} isPart>
        {(found) =>
          found.length === 0 ? (
            <p class="quiet">{t("service.routes-empty")}</p>
          ) : (
            <RouteTable service={service} rows={found} />
          )
        }
      </AnswerView>
    </section>
  );
}

interface TableProps {
  readonly service: string;
  readonly rows: readonly RouteRow[];
}

function RouteTable({ service, rows }: TableProps): VNode {
  const { t, format } = useApp();
  return (
    <div class="table-frame">
      <table class="table cards">
        <caption class="visually-hidden">{t("service.routes-caption", { service })}</caption>
        <thead>
          <tr>
            <th scope="col">{t("column.route")}</th>
            <th scope="col" class="number">
              {t("column.rate")}
            </th>
            <th scope="col" class="number">
              {t("column.errors")}
            </th>
            <th scope="col" class="number">
              {t("series.p95")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ method, route, rate, errorRatio, p95Seconds }) => (
            <tr key={`${method} ${route}`}>
              <th scope="row" class="cell-name">
                <code>
                  {method} <bdi>{route}</bdi>
                </code>
              </th>
              <td class="number" data-label={t("column.rate")}>
                {format.quantity(rate, "1/s")}
              </td>
              <td
                class={(errorRatio ?? 0) >= 0.01 ? "number is-failing" : "number"}
                data-label={t("column.errors")}
              >
                {format.quantity(errorRatio, "ratio")}
              </td>
              <td class="number" data-label={t("series.p95")}>
                {format.quantity(p95Seconds, "s")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
