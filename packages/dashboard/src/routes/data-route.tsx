import "../styles/data.css";
import type { DataAnswer } from "@avx/server/contract";
import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { useData } from "../data/data-requests.ts";
import { AnswerView } from "../elements/answer-view.tsx";
import { EmptyPicture } from "../elements/empty-picture.tsx";
import { CardinalityPanel } from "./cardinality-panel.tsx";
import { DataFindings } from "./data-findings.tsx";
import { ServiceScores } from "./service-scores.tsx";
import { StoragePanel } from "./storage-panel.tsx";

/** What is sent and by whom, how good it is, and what it takes of the disk. */
export function DataRoute(): VNode {
  const { t } = useApp();
  const answer = useData();
  return (
    <>
      <div class="page-head">
        <h1>{t("nav.data")}</h1>
      </div>
      <AnswerView answer={answer} what={t("data.what")}>
        {(data) =>
          data.series === 0 ? (
            <EmptyPicture title={t("data.empty")} step={t("services.empty-step")} />
          ) : (
            <Sections data={data} />
          )
        }
      </AnswerView>
      <StoragePanel />
    </>
  );
}

function Sections({ data }: { readonly data: DataAnswer }): VNode {
  const { t, format, view } = useApp();
  const isOwn = ({ service }: { readonly service: string }): boolean =>
    view.service === null || view.service === service;
  return (
    <>
      <p class="quiet count-line">
        {t("data.series", {
          count: data.series,
          limit: data.seriesLimit,
          share: format.quantity(data.series / data.seriesLimit, "ratio"),
        })}
      </p>
      <CardinalityPanel data={data} />
      <div class="grid-2">
        <ServiceScores scores={data.quality.filter(isOwn)} windowMs={data.windowMs} />
        <DataFindings findings={data.findings.filter(isOwn)} windowMs={data.windowMs} />
      </div>
    </>
  );
}
