import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { useTraces } from "../data/use-signals.ts";
import { AnswerView } from "../elements/answer-view.tsx";
import { EmptyPicture } from "../elements/empty-picture.tsx";
import { TraceTable } from "./trace-table.tsx";

/** Traces that are listed; a longer list is searched better by its filters. */
const MAX_ROWS = 100;

/** The recent traces that pass the filters. */
export function TracesRoute(): VNode {
  const { t, view, navigate } = useApp();
  const { service, minDurationMs, errorsOnly } = view;
  const answer = useTraces({ service, minDurationMs, errorsOnly, limit: MAX_ROWS });
  const isFiltered = service !== null || minDurationMs !== null || errorsOnly;
  return (
    <>
      <div class="page-head">
        <h1>{t("traces.title")}</h1>
        <TraceFilters key={String(minDurationMs)} />
      </div>
      <AnswerView answer={answer} what={t("traces.what")}>
        {({ traces }) =>
          traces.length === 0 ? (
            <EmptyPicture title={t("traces.empty")} step={t("traces.empty-step")}>
              {isFiltered && (
                <button
                  type="button"
                  class="button"
                  onClick={() =>
                    navigate({ service: null, minDurationMs: null, errorsOnly: false })
                  }
                >
                  {t("traces.clear")}
                </button>
              )}
            </EmptyPicture>
          ) : (
            <>
              <p class="quiet count-line">
                {traces.length === MAX_ROWS
                  ? t("traces.newest", { count: traces.length })
                  : t("traces.count", { count: traces.length })}
              </p>
              <TraceTable caption={t("traces.caption")} traces={traces} isCompact={false} />
            </>
          )
        }
      </AnswerView>
    </>
  );
}

/** Largest duration filter that the server takes: a day. */
const MAX_DURATION_MS = 86_400_000;

/** Least duration and errors; the service is chosen in the header. */
function TraceFilters(): VNode {
  const { t, view, navigate } = useApp();
  const [text, setText] = useState(view.minDurationMs === null ? "" : String(view.minDurationMs));
  const apply = (): void => {
    const value = Math.min(Math.round(Number(text)), MAX_DURATION_MS);
    navigate({ minDurationMs: value > 0 ? value : null });
  };
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <label class="field">
        <span>{t("traces.min-duration")}</span>
        <input
          class="input input-number"
          type="number"
          inputMode="numeric"
          min="0"
          max={MAX_DURATION_MS}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onBlur={apply}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={view.errorsOnly}
          onChange={(event) => navigate({ errorsOnly: event.currentTarget.checked })}
        />
        {t("traces.errors-only")}
      </label>
      <button type="submit" class="button">
        {t("traces.filter")}
      </button>
    </form>
  );
}
