import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import type { Magnitude } from "../format/units.ts";
import type { PlotModel } from "./plot-model.ts";

/** Rows that are shown: a screen reader's user reads from the newest, and asks a shorter range. */
const MAX_ROWS = 120;

interface Props {
  readonly model: PlotModel;
  readonly magnitude: Magnitude;
}

/** The data of a chart as a table, newest first. */
export function ChartTable({ model, magnitude }: Props): VNode {
  const { t, format } = useApp();
  const indices = model.timestampsMs
    .map((_, i) => i)
    .filter((i) => model.series.some(({ values }) => (values[i] ?? null) !== null))
    .reverse()
    .slice(0, MAX_ROWS);
  return (
    <table class="table">
      <caption>
        {t("chart.table-of", { title: model.title })} ·{" "}
        {t("chart.table-rows", { count: indices.length })}
      </caption>
      <thead>
        <tr>
          <th scope="col">
            {t("chart.time")} ({format.timeZone})
          </th>
          {model.series.map(({ key, name }) => (
            <th key={key} scope="col" class="number">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {indices.map((i) => (
          <tr key={i}>
            <th scope="row" class="number">
              {format.day(model.timestampsMs[i] ?? 0)} {format.time(model.timestampsMs[i] ?? 0)}
            </th>
            {model.series.map(({ key, values }) => (
              <td key={key} class="number">
                {format.scaled(values[i] ?? null, magnitude)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
