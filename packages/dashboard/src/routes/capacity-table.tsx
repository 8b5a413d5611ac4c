import type { CapacityAnswer, CapacityRow } from "@avx/server/contract";
import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { ServiceName } from "../elements/service-name.tsx";
import { ViewLink } from "../elements/view-link.tsx";
import { type Formatter, NO_VALUE } from "../format/formatter.ts";
import type { Translate } from "../i18n/translate.ts";
import { basisWords, outlookWords, resourceName } from "./capacity-words.ts";

/** One row a resource, in the server's order: what runs out first comes first. */
export function CapacityTable({ madeMs, rows }: CapacityAnswer): VNode {
  const { t } = useApp();
  return (
    <div class="table-frame">
      <table class="table cards">
        <caption class="visually-hidden">{t("capacity.caption")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("column.resource")}</th>
            <th scope="col">{t("column.outlook")}</th>
            <th scope="col" class="number">
              {t("column.used")}
            </th>
            <th scope="col" class="number">
              {t("column.limit")}
            </th>
            <th scope="col">{t("column.model")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <ResourceRow key={`${row.resource} ${row.service}`} row={row} madeMs={madeMs} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ResourceRow({ row, madeMs }: { readonly row: CapacityRow; madeMs: number }): VNode {
  const app = useApp();
  const { t, format } = app;
  const { service, outlook } = row;
  const words = outlookWords(row, madeMs, app);
  const basis = basisWords(outlook, app);
  const isPressing = outlook.kind === "reached" || outlook.kind === "runs-out";
  return (
    <tr class={outlook.kind === "reached" ? "row-failing" : ""}>
      <th scope="row" class="cell-name">
        {resourceName(row.resource, t)}
        <p class="reason">
          {service === "" ? (
            t("capacity.this-server")
          ) : (
            <ViewLink to={{ route: { page: "service", service } }} class="row-link" title={service}>
              <ServiceName service={service} />
            </ViewLink>
          )}
        </p>
      </th>
      <td class="cell-line" data-label={t("column.outlook")}>
        {isPressing ? <strong>{words.line}</strong> : words.line}
        {words.detail !== "" && <p class="reason">{words.detail}</p>}
      </td>
      <td class="number" data-label={t("column.used")}>
        {amount(row.current, row.unit, { t, format })}
      </td>
      <td class="number" data-label={t("column.limit")}>
        {amount(row.limit, row.unit, { t, format })}
      </td>
      <td class="cell-line" data-label={t("column.model")}>
        {basis?.line ?? NO_VALUE}
        {basis !== null && basis.detail !== "" && <p class="reason">{basis.detail}</p>}
      </td>
    </tr>
  );
}

interface Words {
  readonly t: Translate;
  readonly format: Formatter;
}

function amount(value: number | null, unit: CapacityRow["unit"], { t, format }: Words): string {
  if (unit !== "cores") return format.quantity(value, unit);
  const text = format.quantity(value, "1");
  return value === null ? text : t("capacity.cores", { value: text });
}
