import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { exploreModel, MAX_LINES } from "../charts/explore-model.ts";
import { TimeSeriesChart } from "../charts/time-series-chart.tsx";
import { dataOf } from "../data/use-answer.ts";
import { AnswerView } from "../elements/answer-view.tsx";
import { EmptyPicture } from "../elements/empty-picture.tsx";
import { guessUnit } from "../format/guess-unit.ts";
import { ExploreCost } from "./explore-cost.tsx";
import type { Exploration } from "./use-exploration.ts";

const HEIGHT_PX = 380;

/** The expression over time, with an earlier time below it when one is compared. */
export function ExploreGraph({ exploration }: { readonly exploration: Exploration }): VNode {
  const { t, format, view, range } = useApp();
  const frame = { title: view.expression, unit: guessUnit(view.expression), range };
  const before = view.compare === null ? null : dataOf(exploration.earlier);
  const when = view.compare === "1w" ? t("explore.compare-1w") : t("explore.compare-1d");
  const nameOf = (name: string): string => t("explore.earlier", { name, when });
  return (
    <AnswerView answer={exploration.graph} what={t("explore.what")}>
      {(data) => {
        if (data.series.length === 0)
          return <EmptyPicture title={t("explore.empty")} step={t("explore.empty-step")} />;
        const earlier = before === null ? null : { answer: before, nameOf };
        const points = data.series.reduce(
          (sum, { values }) => sum + values.filter((value) => value !== null).length,
          0,
        );
        const model = exploreModel(frame, data, earlier);
        const chart = { model, heightPx: HEIGHT_PX, syncKey: "explore" };
        const rest = data.series.length - MAX_LINES;
        return (
          <section class="panel">
            <TimeSeriesChart {...chart} />
            <p class="quiet explore-stats">
              {t("explore.stats", {
                series: data.series.length,
                points,
                step: format.length(data.grid.stepMs),
              })}
              {rest > 0 && `; ${t("explore.not-drawn", { count: rest })}`}
              <ExploreCost stats={data.stats} notes={data.notes} />
            </p>
          </section>
        );
      }}
    </AnswerView>
  );
}
