import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useApp } from "../app-context.ts";
import type { Magnitude } from "../format/units.ts";
import { LineSample } from "./line-sample.tsx";
import type { PlotModel } from "./plot-model.ts";
import { valueRows } from "./value-rows.ts";

/** Most lines that are listed; a taller box would leave the screen. */
const MAX_ROWS = 10;
/** Between the cursor and the box, so that it does not cover the point. */
const OFFSET_PX = 14;

/** Where the cursor is: an index of the timestamps and its place in the plot, CSS px. */
export interface TooltipPlace {
  readonly index: number;
  readonly leftPx: number;
  readonly hostWidthPx: number;
  /** The line nearest to the pointer; `null` with the keyboard. */
  readonly nearest: string | null;
}

interface Props {
  readonly model: PlotModel;
  readonly magnitude: Magnitude;
  readonly place: TooltipPlace;
  readonly shown: ReadonlySet<string> | null;
}

/** The values under the cursor, highest first, with the time and its zone. */
export function PlotTooltip({ model, magnitude, place, shown }: Props): VNode {
  const { t, format } = useApp();
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const width = element.offsetWidth;
    const right = place.leftPx + OFFSET_PX;
    const fits = right + width <= place.hostWidthPx;
    const left = fits ? right : Math.max(0, place.leftPx - OFFSET_PX - width);
    element.style.transform = `translateX(${left}px)`;
  });
  const timestampMs = model.timestampsMs[place.index] ?? model.startMs;
  const rows = valueRows(model, place.index)
    .filter(({ series: { key } }) => shown === null || shown.has(key))
    .sort((a, b) => (b.value ?? -1) - (a.value ?? -1));
  const marks = model.marks.filter(
    (mark) => timestampMs >= mark.startMs - 1 && timestampMs <= mark.endMs + 1,
  );
  return (
    <div class="tooltip" ref={box} aria-hidden="true">
      <div class="tooltip-time">{format.dateTime(timestampMs)}</div>
      {rows.slice(0, MAX_ROWS).map(({ series, value, bounds }) => (
        <div
          key={series.key}
          class={series.key === place.nearest ? "tooltip-row tooltip-nearest" : "tooltip-row"}
        >
          <LineSample style={series.style} />
          <span class="tooltip-name">{series.name}</span>
          <span class="number">
            {value === null ? t("chart.no-value") : format.scaled(value, magnitude)}
            {bounds &&
              ` (${t("anomaly.between", {
                lower: format.scaled(bounds.lower, magnitude),
                upper: format.scaled(bounds.upper, magnitude),
              })})`}
          </span>
        </div>
      ))}
      {marks.map((mark) => (
        <div key={mark.key} class="tooltip-mark">
          {mark.label} {mark.name}
        </div>
      ))}
    </div>
  );
}
