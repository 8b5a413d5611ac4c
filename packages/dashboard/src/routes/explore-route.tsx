import "../styles/explore.css";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { EmptyPicture } from "../elements/empty-picture.tsx";
import { ExploreControls } from "./explore-controls.tsx";
import { ExploreGraph } from "./explore-graph.tsx";
import { ExploreTable } from "./explore-table.tsx";
import { ExpressionField } from "./expression-field.tsx";
import { MetricBrowser } from "./metric-browser.tsx";
import { QueryBuilder } from "./query-builder.tsx";
import { useDraft } from "./use-draft.ts";
import { useExploration } from "./use-exploration.ts";

/** Any PromQL expression as a graph or a table. */
export function ExploreRoute(): VNode {
  const { t, view, navigate, refresh } = useApp();
  const draft = useDraft(view.expression);
  const [isBuilding, setIsBuilding] = useState(false);
  const exploration = useExploration();
  const run = (expression: string): void => {
    if (expression === view.expression) refresh();
    else navigate({ expression });
  };
  return (
    <>
      <h1 class="visually-hidden">{t("nav.explore")}</h1>
      <form
        class="expression-form"
        onSubmit={(event) => {
          event.preventDefault();
          run(draft.latest().trim());
        }}
      >
        <ExpressionField
          written={draft.written}
          onText={draft.onText}
          onRun={() => run(draft.latest().trim())}
        />
        <button type="submit" class="button button-primary">
          {t("explore.run")}
        </button>
        <button
          type="button"
          class="button"
          aria-expanded={isBuilding}
          onClick={() => setIsBuilding(!isBuilding)}
        >
          {t("explore.builder")}
        </button>
        {isBuilding && <QueryBuilder text={draft.text} onWrite={draft.write} />}
      </form>
      <div class="explore-columns">
        <MetricBrowser onChoose={run} />
        <div class="explore-result">
          <ExploreControls grid={exploration.grid} />
          {view.expression === "" ? (
            <EmptyPicture title={t("explore.start")} step={t("explore.start-step")} />
          ) : view.asTable ? (
            <ExploreTable answer={exploration.table} expression={view.expression} />
          ) : (
            <ExploreGraph exploration={exploration} />
          )}
        </div>
      </div>
    </>
  );
}
