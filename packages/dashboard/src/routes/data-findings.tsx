import type { DataFinding, DataFindingKind } from "@avx/server/contract";
import type { VNode } from "preact";
import { type AppState, useApp } from "../app-context.ts";
import { PlainTable } from "../elements/plain-table.tsx";
import { ServiceName } from "../elements/service-name.tsx";
import { ExploreLink } from "./cardinality-panel.tsx";

/** Rows that are listed; the filter by service shows the rest. */
const MAX_ROWS = 50;

const COUNTED = {
  gap: "finding.gap",
  reset: "finding.reset",
  duplicate: "finding.duplicate",
  late: "finding.late",
  type_change: "finding.type-change",
  unit_change: "finding.unit-change",
  not_finite: "finding.not-finite",
  dead_series: "finding.dead-series",
  refused_series: "finding.refused-series",
} as const;

/** Counted where they arrive: nobody knows any more when each of them came. */
const SINCE_START: readonly DataFindingKind[] = ["duplicate", "late", "refused_series"];

interface Props {
  readonly findings: readonly DataFinding[];
  readonly windowMs: number;
}

/** What is wrong with the data that arrives, and where to look. */
export function DataFindings({ findings, windowMs }: Props): VNode {
  const app = useApp();
  const { t, format } = app;
  const title = t("data.findings", { length: format.length(windowMs) });
  const columns = [
    { name: t("data.finding") },
    { name: t("column.service"), isShort: true },
    { name: t("data.metric"), isShort: true },
    { name: t("data.series-column"), isNumber: true },
  ];
  const rows = findings.slice(0, MAX_ROWS).map((finding) => ({
    key: `${finding.kind} ${finding.service} ${finding.metric}`,
    cells: [
      findingText(finding, app),
      finding.service === "" ? t("data.no-service") : <ServiceName service={finding.service} />,
      finding.example === "" ? (
        finding.metric
      ) : (
        <ExploreLink expression={finding.example}>{finding.metric}</ExploreLink>
      ),
      // What is said of a service as a whole has no series.
      finding.series === 0 ? "" : format.integer(finding.series),
    ],
  }));
  return (
    <section class="panel">
      <h2 class="panel-title">{title}</h2>
      {rows.length === 0 ? (
        <p class="quiet">{t("data.no-findings")}</p>
      ) : (
        <>
          <PlainTable caption={title} columns={columns} rows={rows} />
          {findings.some(({ kind }) => SINCE_START.includes(kind)) && (
            <p class="quiet">{t("data.since-start")}</p>
          )}
        </>
      )}
    </section>
  );
}

/** What was found and how much of it, in a few words. */
export function findingText(
  { kind, amount }: Pick<DataFinding, "kind" | "amount">,
  { t, format }: Pick<AppState, "t" | "format">,
): string {
  if (isClock(kind)) {
    const length = format.length(amount);
    return kind === "clock_ahead"
      ? t("finding.clock-ahead", { length })
      : t("finding.clock-behind", { length });
  }
  return t(COUNTED[kind], { count: amount });
}

function isClock(kind: DataFindingKind): kind is "clock_ahead" | "clock_behind" {
  return kind === "clock_ahead" || kind === "clock_behind";
}
