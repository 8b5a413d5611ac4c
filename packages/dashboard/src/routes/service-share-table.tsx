import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { serviceShares } from "../charts/service-shares.ts";
import type { SpanTree } from "../charts/span-tree.ts";
import { ServiceName } from "../elements/service-name.tsx";

/** Where the time of a trace went, by service. */
export function ServiceShareTable({ tree }: { readonly tree: SpanTree }): VNode {
  const { t, format } = useApp();
  const shares = useMemo(() => serviceShares(tree), [tree]);
  return (
    <section class="panel">
      <h2 class="panel-title">{t("trace.by-service")}</h2>
      <div class="table-frame">
        <table class="table cards">
          <caption class="visually-hidden">{t("trace.by-service")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("column.service")}</th>
              <th scope="col" class="number">
                {t("trace.self-time")}
              </th>
              <th scope="col" class="number">
                {t("trace.share")}
              </th>
              <th scope="col" class="number">
                {t("column.spans")}
              </th>
              <th scope="col" class="number">
                {t("column.errors")}
              </th>
            </tr>
          </thead>
          <tbody>
            {shares.map(({ service, selfMs, ratio, spanCount, errorCount }) => (
              <tr key={service}>
                <th scope="row" class="cell-name">
                  <ServiceName service={service} />
                </th>
                <td class="number" data-label={t("trace.self-time")}>
                  {format.quantity(selfMs / 1000, "s")}
                </td>
                <td class="number cell-duration" data-label={t("trace.share")}>
                  <span
                    class="duration-bar"
                    style={{ width: `${ratio * 100}%` }}
                    aria-hidden="true"
                  />
                  <span class="duration-text">{format.quantity(ratio, "ratio")}</span>
                </td>
                <td class="number" data-label={t("column.spans")}>
                  {format.integer(spanCount)}
                </td>
                <td
                  class={errorCount > 0 ? "number is-failing" : "number"}
                  data-label={t("column.errors")}
                >
                  {format.integer(errorCount)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
