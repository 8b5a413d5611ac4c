/** Colours that the canvas needs, read from the CSS variables of the current theme. */
export interface PlotColours {
  readonly grid: string;
  readonly axis: string;
  readonly mark: string;
  readonly markFill: string;
  readonly pending: string;
  readonly forecast: string;
  /** The colour of any CSS variable. */
  of(variable: string): string;
}

/** Reads the colours; call again when the theme changes. */
export function readPlotColours(): PlotColours {
  const style = getComputedStyle(document.documentElement);
  const of = (variable: string): string => style.getPropertyValue(variable).trim();
  return {
    grid: of("--chart-grid"),
    axis: of("--text-muted"),
    mark: of("--anomaly"),
    markFill: of("--anomaly-fill"),
    pending: of("--chart-pending"),
    forecast: of("--chart-forecast"),
    of,
  };
}
