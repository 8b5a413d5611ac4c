/** Stands between two kept points that no line joins. */
export const BREAK = -1;

/** The values of one line and the stretch of them that is drawn, both ends included. */
export interface DrawnLine {
  readonly values: ArrayLike<number | null | undefined>;
  readonly firstIndex: number;
  readonly lastIndex: number;
  /** The column of pixels that a point falls into; must not fall as the index rises. */
  readonly columnOf: (index: number) => number;
}

/** The points of one column of pixels that decide what is seen of it. */
interface Column {
  readonly column: number;
  readonly first: number;
  low: number;
  lowest: number;
  high: number;
  highest: number;
  last: number;
}

/**
 * Indices of the points that decide every pixel of a line: of each column the first, lowest, highest
 * and last, in the order of time. A line through these looks as one through all (M4: Jugel et al.,
 * "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB 2014), so no spike is lost
 * however short it is. `BREAK` stands where a gap lies between two columns; one that begins and ends
 * within a column is narrower than a pixel and cannot be seen. Nothing but gaps gives an empty list.
 */
export function keptPoints({ values, firstIndex, lastIndex, columnOf }: DrawnLine): number[] {
  const kept: number[] = [];
  let open: Column | null = null;
  let isBroken = false;
  for (let i = firstIndex; i <= lastIndex; i++) {
    const value = values[i];
    if (value === null || value === undefined) {
      isBroken = true;
      continue;
    }
    const column = columnOf(i);
    if (open !== null && open.column === column) widen(open, i, value);
    else {
      if (open !== null) {
        close(open, kept);
        if (isBroken) kept.push(BREAK);
      }
      open = { column, first: i, low: i, lowest: value, high: i, highest: value, last: i };
    }
    isBroken = false;
  }
  if (open !== null) close(open, kept);
  return kept;
}

function widen(column: Column, index: number, value: number): void {
  column.last = index;
  if (value < column.lowest) {
    column.low = index;
    column.lowest = value;
  } else if (value > column.highest) {
    column.high = index;
    column.highest = value;
  }
}

function close({ first, low, high, last }: Column, kept: number[]): void {
  const inner = low < high ? [low, high] : [high, low];
  let before = first;
  kept.push(first);
  for (const index of [...inner, last])
    if (index > before) {
      kept.push(index);
      before = index;
    }
}
