import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { useTraces } from "../data/use-signals.ts";
import { AnswerView } from "../elements/answer-view.tsx";
import { TraceTable } from "./trace-table.tsx";

const MAX_ROWS = 8;

/** The newest traces that touch a service, or with `null` of all. */
export function RecentTraces({ service }: { readonly service: string | null }): VNode {
  const { t } = useApp();
  const caption =
    service === null ? t("traces.recent-caption") : t("service.recent-caption", { service });
  const answer = useTraces({ service, minDurationMs: null, errorsOnly: false, limit: MAX_ROWS });
  return (
    <section class="panel panel-traces">
      <h2 class="panel-title">{t("traces.recent")}</h2>
      <AnswerView answer={answer} what={t("traces.what")} isPart>
        {({ traces }) =>
          traces.length === 0 ? (
            <p class="quiet">{t("traces.empty")}</p>
          ) : (
            <TraceTable caption={caption} traces={traces} isCompact />
          )
        }
      </AnswerView>
    </section>
  );
}
