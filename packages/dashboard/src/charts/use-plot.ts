import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { useApp } from "../app-context.ts";
import { fixedRange } from "../state/time-range.ts";
import { readPlotColours } from "./plot-colours.ts";
import type { PlotModel } from "./plot-model.ts";
import { plotData, plotOptions } from "./plot-options.ts";

/** What the chart tells its plot. */
export interface PlotControls {
  readonly heightPx: number;
  readonly syncKey: string;
  /** Keys of the lines to show; `null`: all. */
  readonly shown: ReadonlySet<string> | null;
  /** Key of the line that stands out; `null`: none. */
  readonly focused: string | null;
  readonly onCursor: (index: number | null) => void;
}

/** Keeps a uPlot in `host`: made anew when lines, theme or language change, else fed with data. */
export function usePlot(
  host: RefObject<HTMLDivElement | null>,
  model: PlotModel,
  controls: PlotControls,
): RefObject<uPlot | null> {
  const { format, theme, navigate } = useApp();
  const plot = useRef<uPlot | null>(null);
  const latest = useRef({ model, controls, navigate });
  latest.current = { model, controls, navigate };
  const lines = JSON.stringify(model.series.map(({ key, style }) => [key, style]));

  useLayoutEffect(() => {
    const element = host.current;
    if (!element) return;
    const made = new uPlot(
      plotOptions({
        model: () => latest.current.model,
        colours: readPlotColours(),
        format,
        width: Math.max(element.clientWidth, 1),
        height: controls.heightPx,
        syncKey: controls.syncKey,
        onCursor: (index) => latest.current.controls.onCursor(index),
        onZoom: (startMs, endMs) => latest.current.navigate({ range: fixedRange(startMs, endMs) }),
      }),
      plotData(latest.current.model),
      element,
    );
    plot.current = made;
    const resized = new ResizeObserver(() =>
      made.setSize({ width: Math.max(element.clientWidth, 1), height: controls.heightPx }),
    );
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [lines, theme, format, controls.heightPx, controls.syncKey, model.unit]);

  useEffect(() => {
    plot.current?.setData(plotData(model));
  }, [model]);

  useEffect(() => {
    const made = plot.current;
    if (!made) return;
    made.batch(() => {
      model.series.forEach(({ key }, i) => {
        const show = controls.shown === null || controls.shown.has(key);
        if (made.series[i + 1]?.show !== show) made.setSeries(i + 1, { show });
      });
      const index = model.series.findIndex(({ key }) => key === controls.focused);
      made.setSeries(index < 0 ? null : index + 1, { focus: true });
    });
  }, [model, controls.shown, controls.focused]);

  return plot;
}
