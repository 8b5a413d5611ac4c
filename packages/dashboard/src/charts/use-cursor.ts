import type { RefObject } from "preact";
import { useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import { useApp } from "../app-context.ts";
import { magnitudeOf } from "../format/units.ts";
import { type PlotModel, plotMaximum } from "./plot-model.ts";
import type { TooltipPlace } from "./plot-tooltip.tsx";
import { valueRows } from "./value-rows.ts";

/** The cursor of one chart: moved by the pointer, by keys, or by a chart that it is synced with. */
export interface PlotCursor {
  readonly index: number | null;
  /** Where to show the tooltip; `null` while the cursor is in another chart. */
  readonly place: TooltipPlace | null;
  /** The values under the cursor in words, when keys moved it. */
  readonly spoken: string;
  readonly onMove: (index: number | null) => void;
  attach(plot: RefObject<uPlot | null>): void;
  enter(): void;
  leave(): void;
  moveTo(index: number): void;
}

/** The state of a chart's cursor. */
export function useCursor(model: PlotModel): PlotCursor {
  const { t, format } = useApp();
  const [place, setPlace] = useState<TooltipPlace | null>(null);
  const [spoken, setSpoken] = useState("");
  const index = useRef<number | null>(null);
  const isHere = useRef(false);
  const plotRef = useRef<RefObject<uPlot | null> | null>(null);
  const plotOf = (): uPlot | null => plotRef.current?.current ?? null;
  return {
    index: index.current,
    place,
    spoken,
    onMove(next) {
      index.current = next;
      const plot = plotOf();
      setPlace(isHere.current && plot && next !== null ? placeOf(plot, next, model) : null);
    },
    attach(plot) {
      plotRef.current = plot;
    },
    enter() {
      isHere.current = true;
    },
    leave() {
      isHere.current = false;
      setPlace(null);
      const plot = plotOf();
      // A locked cursor is one that the user pinned.
      if (plot && !isLocked(plot)) plot.setCursor({ left: -10, top: -10 });
    },
    moveTo(next) {
      const plot = plotOf();
      const timestampMs = model.timestampsMs[next];
      if (!plot || timestampMs === undefined) return;
      isHere.current = true;
      plot.setCursor({ left: plot.valToPos(timestampMs, "x"), top: 1 });
      const magnitude = magnitudeOf(model.unit, plotMaximum(model));
      const values = valueRows(model, next).map(
        ({ series, value }) =>
          `${series.name} ${value === null ? t("chart.no-value") : format.scaled(value, magnitude)}`,
      );
      setSpoken(`${format.time(timestampMs)}: ${values.join(", ")}`);
    },
  };
}

/** uPlot's types leave out the state of the lock. */
function isLocked(plot: uPlot): boolean {
  return "_lock" in plot.cursor && plot.cursor._lock === true;
}

function placeOf(plot: uPlot, index: number, model: PlotModel): TooltipPlace {
  const timestampMs = model.timestampsMs[index] ?? model.startMs;
  const axisPx = plot.over.offsetLeft;
  const top = plot.cursor.top ?? -1;
  let nearest: string | null = null;
  let distance = Number.POSITIVE_INFINITY;
  model.series.forEach(({ key, values }, i) => {
    const value = values[index] ?? null;
    if (top <= 1 || value === null || plot.series[i + 1]?.show === false) return;
    const away = Math.abs(plot.valToPos(value, "y") - top);
    if (away < distance) {
      distance = away;
      nearest = key;
    }
  });
  return {
    index,
    leftPx: axisPx + plot.valToPos(timestampMs, "x"),
    hostWidthPx: plot.width,
    nearest,
  };
}
