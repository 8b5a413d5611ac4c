import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import type { Answer } from "../data/use-answer.ts";
import { ErrorPicture } from "../elements/error-picture.tsx";
import { LoadingPicture } from "../elements/loading-picture.tsx";
import type { PlotModel } from "./plot-model.ts";
import { TimeSeriesChart } from "./time-series-chart.tsx";

interface Props {
  readonly title: string;
  readonly answer: Answer<PlotModel>;
  readonly heightPx: number;
  /** Beside the title, e.g. the model of a forecast. */
  readonly note?: string;
}

/** All charts of a page move their cursors together. */
const SYNC_KEY = "page";

/** A chart in its panel, or the picture of why there is none. */
export function ChartPanel({ title, answer, heightPx, note = "" }: Props): VNode {
  const { t, format } = useApp();
  if (answer.kind === "ready") {
    const age = answer.failure
      ? t("state.stale-short", { time: format.time(answer.receivedMs) })
      : note;
    const chart = { model: answer.data, heightPx, syncKey: SYNC_KEY, note: age };
    return (
      <section class={answer.failure ? "panel is-stale" : "panel"}>
        <TimeSeriesChart {...chart} />
      </section>
    );
  }
  return (
    <section class="panel panel-waiting" style={{ minHeight: `${heightPx + 74}px` }}>
      {answer.kind === "error" ? (
        <ErrorPicture what={title} failure={answer.failure} />
      ) : (
        <LoadingPicture what={title} sinceMs={answer.sinceMs} />
      )}
    </section>
  );
}
