import type { ServiceData } from "@avx/server/contract";
import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { PlainTable } from "../elements/plain-table.tsx";
import { ServiceName } from "../elements/service-name.tsx";
import { ViewLink } from "../elements/view-link.tsx";
import { QUALITY_DIMENSIONS } from "./quality-words.ts";

interface Props {
  readonly scores: readonly ServiceData[];
  readonly windowMs: number;
}

/** How good the data of each service is, the worst first. */
export function ServiceScores({ scores, windowMs }: Props): VNode {
  const { t, format } = useApp();
  const title = t("data.quality", { length: format.length(windowMs) });
  const columns = [
    { name: t("column.service") },
    ...["quality.overall" as const, ...QUALITY_DIMENSIONS.map(({ name }) => name)].map((name) => ({
      name: t(name),
      isNumber: true,
    })),
  ];
  const rows = scores.map((one) => ({
    key: one.service,
    cells: [
      <>
        <ViewLink
          to={{ route: { page: "service", service: one.service } }}
          class="row-link"
          title={one.service}
        >
          <ServiceName service={one.service} />
        </ViewLink>
        {!one.meetsStandard && <p class="detail">{t("data.below-standard")}</p>}
      </>,
      ...[one.overall, ...QUALITY_DIMENSIONS.map(({ key }) => one[key])].map((score) =>
        format.quantity(score, "ratio"),
      ),
    ],
  }));
  return (
    <section class="panel">
      <h2 class="panel-title">{title}</h2>
      {rows.length === 0 ? (
        <p class="quiet">{t("data.no-scores")}</p>
      ) : (
        <PlainTable caption={title} columns={columns} rows={rows} />
      )}
    </section>
  );
}
