/** History and forecast as one row of values each; the forecast begins after the history. */
export interface PlottedForecast {
  readonly history: Float64Array;
  readonly mean: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

const ROWS = 12;
/** Fits a terminal of 80 columns with the axis. */
const MAX_COLUMNS = 66;
/** As much history as forecast, but at least so much. */
const LEAST_HISTORY = 24;
const AXIS_WIDTH = 10;

/** A picture in text: `*` measured, `o` forecast, `.` its bounds, `|` where the forecast begins. */
export function forecastPlot({ history, mean, lower, upper }: PlottedForecast): string {
  const shown = history.subarray(-Math.max(LEAST_HISTORY, mean.length));
  const length = shown.length + 1 + mean.length;
  const columns = Math.min(MAX_COLUMNS, length);
  const finite = [...shown, ...lower, ...upper, ...mean].filter(Number.isFinite);
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const grid = Array.from({ length: ROWS }, () => new Array<string>(columns).fill(" "));
  const columnOf = (i: number): number => Math.round((i * (columns - 1)) / (length - 1));
  const put = (i: number, value: number, mark: string): void => {
    if (!Number.isFinite(value)) return;
    const share = high > low ? (value - low) / (high - low) : 0.5;
    const row = grid[ROWS - 1 - Math.round(share * (ROWS - 1))];
    if (row !== undefined) row[columnOf(i)] = mark;
  };
  const ahead = shown.length + 1;
  for (const row of grid) row[columnOf(shown.length)] = "|";
  mean.forEach((_, i) => {
    put(ahead + i, lower[i]!, ".");
    put(ahead + i, upper[i]!, ".");
  });
  shown.forEach((value, i) => {
    put(i, value, "*");
  });
  mean.forEach((value, i) => {
    put(ahead + i, value, "o");
  });
  return grid
    .map((row, i) => {
      const label = i === 0 ? high : i === ROWS - 1 ? low : undefined;
      const axis = label === undefined ? "" : shortNumber(label);
      return `${axis.padStart(AXIS_WIDTH)} ${row.join("")}`.trimEnd();
    })
    .join("\n");
}

/** At most six significant digits. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}
