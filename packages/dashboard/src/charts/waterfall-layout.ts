/** Height of a row, CSS px; at least 24 so that a finger can hit it. */
export const ROW_PX = 28;
/** Rows drawn above and below the part that is seen, so that scrolling shows no gap. */
const OVERSCAN = 8;

/** The rows to draw of `count`, end exclusive, for a viewport at `scrollTopPx`. */
export function rowWindow(
  scrollTopPx: number,
  viewportPx: number,
  count: number,
): { readonly first: number; readonly end: number } {
  const first = Math.max(0, Math.floor(scrollTopPx / ROW_PX) - OVERSCAN);
  const end = Math.min(count, Math.ceil((scrollTopPx + viewportPx) / ROW_PX) + OVERSCAN);
  return { first: Math.min(first, count), end: Math.max(end, Math.min(first, count)) };
}

/** Narrowest bar, in percent of the trace: thinner ones could not be seen. */
const LEAST_BAR_PERCENT = 0.3;

/** Left edge and width of a span's bar, in percent of the trace's window. */
export function barPlace(
  span: { readonly startMs: number; readonly durationMs: number },
  trace: { readonly startMs: number; readonly endMs: number },
): { readonly leftPercent: number; readonly widthPercent: number } {
  const lengthMs = trace.endMs - trace.startMs;
  if (!(lengthMs > 0)) return { leftPercent: 0, widthPercent: 100 };
  const widthPercent = Math.max((span.durationMs / lengthMs) * 100, LEAST_BAR_PERCENT);
  const leftPercent = ((span.startMs - trace.startMs) / lengthMs) * 100;
  return {
    leftPercent: Math.max(0, Math.min(leftPercent, 100 - LEAST_BAR_PERCENT)),
    widthPercent: Math.min(widthPercent, 100),
  };
}

/** Where a waterfall's active row stands. */
export interface RowPlace {
  readonly index: number;
  readonly count: number;
  /** Rows that are seen at once. */
  readonly pageRows: number;
}

/** The row to which a key moves; `null` when it is no such key. */
export function nextRow(key: string, { index, count, pageRows }: RowPlace): number | null {
  const last = count - 1;
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    PageDown: index + pageRows,
    PageUp: index - pageRows,
    Home: 0,
    End: last,
  };
  const wanted = Object.hasOwn(moves, key) ? moves[key] : undefined;
  return wanted === undefined ? null : Math.min(Math.max(wanted, 0), last);
}
