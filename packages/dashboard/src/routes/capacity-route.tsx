import type { CapacityAnswer } from "@avx/server/contract";
import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { useCapacity } from "../data/capacity-request.ts";
import { mapAnswer } from "../data/map-answer.ts";
import { AnswerView } from "../elements/answer-view.tsx";
import { Icon } from "../elements/icon.tsx";
import { CapacityTable } from "./capacity-table.tsx";

/** What runs out, and when: of the chosen service, or of all and the server itself. */
export function CapacityRoute(): VNode {
  const { t, view } = useApp();
  const { service } = view;
  const answer = mapAnswer(useCapacity(), (data) =>
    service === null ? data : { ...data, rows: data.rows.filter((row) => row.service === service) },
  );
  return (
    <>
      <div class="page-head">
        <h1>{t("nav.capacity")}</h1>
      </div>
      <AnswerView answer={answer} what={t("capacity.what")}>
        {(data) => (data.rows.length === 0 ? <NoResources /> : <Resources {...data} />)}
      </AnswerView>
    </>
  );
}

function Resources(answer: CapacityAnswer): VNode {
  const { t, format } = useApp();
  const time = format.time(answer.madeMs);
  const pressing = answer.rows.filter(({ outlook }) =>
    ["reached", "runs-out"].includes(outlook.kind),
  ).length;
  return (
    <>
      <p class="quiet count-line">
        {pressing === 0
          ? t("capacity.none-pressing", { time })
          : t("capacity.pressing", { count: pressing, time })}
      </p>
      <CapacityTable {...answer} />
    </>
  );
}

/** Its own picture: a longer time range, which the other pages offer, would show no more. */
function NoResources(): VNode {
  const { t, view, navigate } = useApp();
  return (
    <div class="picture picture-empty">
      <Icon name="empty" />
      <p class="picture-title">{t("capacity.empty")}</p>
      <p class="picture-detail">{t("capacity.empty-step")}</p>
      {view.service !== null && (
        <p class="picture-steps">
          <button type="button" class="button" onClick={() => navigate({ service: null })}>
            {t("services.filter-clear")}
          </button>
        </p>
      )}
    </div>
  );
}
