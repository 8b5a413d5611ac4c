import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { seriesName } from "../charts/explore-model.ts";
import type { TableAnswer, TableRow } from "../data/explore-requests.ts";
import type { Answer } from "../data/use-answer.ts";
import { AnswerView } from "../elements/answer-view.tsx";
import { EmptyPicture } from "../elements/empty-picture.tsx";
import { guessUnit } from "../format/guess-unit.ts";
import { ExploreCost } from "./explore-cost.tsx";

/** Rows that are listed; aggregate to see the rest. */
const MAX_ROWS = 500;

interface Props {
  readonly answer: Answer<TableAnswer>;
  readonly expression: string;
}

/** The values of the expression at the end of the range, highest first. */
export function ExploreTable({ answer, expression }: Props): VNode {
  const { t, format } = useApp();
  const unit = guessUnit(expression);
  return (
    <AnswerView answer={answer} what={t("explore.what")}>
      {({ rows: found, ...said }) => {
        if (found.length === 0)
          return <EmptyPicture title={t("explore.empty")} step={t("explore.empty-step")} />;
        const rows = [...found].sort((a, b) => rank(b) - rank(a));
        return (
          <>
            <div class="table-frame">
              <table class="table">
                <caption class="visually-hidden">{t("explore.result-caption")}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t("explore.series")}</th>
                    <th scope="col" class="number">
                      {t("explore.value")}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {rows.slice(0, MAX_ROWS).map(({ labels, value }) => (
                    <tr key={seriesName(labels)}>
                      <th scope="row">
                        <code>{seriesName(labels)}</code>
                      </th>
                      <td class="number">
                        {typeof value === "number" && Number.isFinite(value)
                          ? format.quantity(value, unit)
                          : String(value)}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            <p class="quiet explore-stats">
              {t("explore.rows", { count: rows.length })}
              <ExploreCost {...said} />
            </p>
          </>
        );
      }}
    </AnswerView>
  );
}

/** Where a row stands among the others: what is no number comes last. */
function rank({ value }: TableRow): number {
  return typeof value === "number" && !Number.isNaN(value) ? value : Number.NEGATIVE_INFINITY;
}
