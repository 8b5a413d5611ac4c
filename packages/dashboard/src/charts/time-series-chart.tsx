import "uplot/dist/uPlot.min.css";
import "../styles/charts.css";
import type { VNode } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { magnitudeOf } from "../format/units.ts";
import { ChartLegend } from "./chart-legend.tsx";
import { ChartTable } from "./chart-table.tsx";
import { nextCursorIndex } from "./cursor-keys.ts";
import { isEmptyPlot, type PlotModel, plotMaximum, yRange } from "./plot-model.ts";
import { plotSummary, unitName } from "./plot-summary.ts";
import { PlotTooltip } from "./plot-tooltip.tsx";
import { useCursor } from "./use-cursor.ts";
import { useFans } from "./use-fans.ts";
import { useHoverKeys } from "./use-hover-keys.ts";
import { usePlot } from "./use-plot.ts";

interface Props {
  readonly model: PlotModel;
  readonly heightPx: number;
  readonly syncKey: string;
  /** Beside the title in place of the unit, which the axis has too: the model of a forecast, say. */
  readonly note?: string;
}

/** A chart over time with its legend, tooltip, keyboard cursor and data table. */
export function TimeSeriesChart({ model: measured, heightPx, syncKey, ...rest }: Props): VNode {
  const { t, format } = useApp();
  const host = useRef<HTMLDivElement>(null);
  const [chosen, setShown] = useState<ReadonlySet<string> | null>(null);
  const { model, note: fanNote, control: forecast } = useFans(measured, chosen);
  const { note = "" } = rest;
  const shown = useMemo(() => withFans(chosen, model), [chosen, model]);
  const [focused, setFocused] = useState<string | null>(null);
  const [asTable, setAsTable] = useState(false);
  const cursor = useCursor(model);
  const controls = { heightPx, syncKey, shown, focused, onCursor: cursor.onMove };
  const plot = usePlot(host, model, controls);
  cursor.attach(plot);
  const magnitude = useMemo(
    () => magnitudeOf(model.unit, yRange(model.unit, plotMaximum(model))[1]),
    [model],
  );
  const summary = useMemo(() => plotSummary(model, t, format), [model, t, format]);
  const toggleTable = (): void => setAsTable(!asTable);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "t") toggleTable();
    else if (event.key === "f" && forecast) forecast.toggle();
    else if (event.key === "Escape") cursor.leave();
    else {
      const next = nextCursorIndex(event, cursor.index, model.timestampsMs.length);
      if (next === null) return;
      cursor.moveTo(next);
    }
    event.preventDefault();
  };
  const hover = useHoverKeys(onKeyDown);
  return (
    <figure class="chart" {...hover}>
      <figcaption class="chart-head">
        <h2 class="chart-title">{model.title}</h2>
        <span class="chart-unit" title={note}>
          {note === "" ? unitName(model.unit, t) : note}
        </span>
        {forecast && <ForecastButton title={model.title} {...forecast} />}
        <button type="button" class="quiet-button" aria-pressed={asTable} onClick={toggleTable}>
          {asTable ? t("chart.table-hide") : t("chart.table-show")}
          <span class="visually-hidden">: {model.title}</span>
        </button>
      </figcaption>
      {fanNote !== "" && <p class="chart-note">{fanNote}</p>}
      {asTable && (
        <section
          class="chart-table"
          style={{ height: `${heightPx}px` }}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable
          tabIndex={0}
          aria-label={model.title}
          onKeyDown={onKeyDown}
        >
          <ChartTable model={model} magnitude={magnitude} />
        </section>
      )}
      <div class="chart-plot" hidden={asTable}>
        <div
          ref={host}
          class="chart-canvas"
          role="img"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move its cursor
          tabIndex={0}
          aria-label={`${summary} ${t("chart.hint")}`}
          onKeyDown={onKeyDown}
          onMouseEnter={cursor.enter}
          onMouseLeave={cursor.leave}
          onFocus={cursor.enter}
          onBlur={cursor.leave}
        />
        {isEmptyPlot(model) && <p class="chart-empty">{t("chart.empty")}</p>}
        {cursor.place && (
          <PlotTooltip model={model} magnitude={magnitude} place={cursor.place} shown={shown} />
        )}
        <output class="visually-hidden" aria-live="polite">
          {cursor.spoken}
        </output>
      </div>
      <ChartLegend
        model={model}
        magnitude={magnitude}
        shown={chosen}
        onShow={setShown}
        onFocus={setFocused}
      />
    </figure>
  );
}

/** The lines that were chosen, and with each its forecast. */
function withFans(chosen: ReadonlySet<string> | null, { series }: PlotModel): typeof chosen {
  if (chosen === null) return null;
  const fans = series.filter(({ forecastOf = "" }) => chosen.has(forecastOf));
  return new Set([...chosen, ...fans.map(({ key }) => key)]);
}

interface ForecastButtonProps {
  readonly title: string;
  readonly isOn: boolean;
  readonly toggle: () => void;
}

function ForecastButton({ title, isOn, toggle }: ForecastButtonProps): VNode {
  const { t } = useApp();
  return (
    <button type="button" class="quiet-button" aria-pressed={isOn} title="f" onClick={toggle}>
      {t("chart.forecast")}
      <span class="visually-hidden">: {title}</span>
    </button>
  );
}
