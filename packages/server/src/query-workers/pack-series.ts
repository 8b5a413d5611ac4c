import type { LabelledSeries } from "@avx/model";
import type { LabelNumbers } from "./label-numbers.ts";
import type { SeriesParcel } from "./messages.ts";

/** 4 MB are copied in a millisecond or two; a longer series goes alone. */
const MAX_FLOATS = 512 * 1024;
/** New label sets are copied string by string, and histograms field by field. */
const MAX_SERIES = 2000;
const MAX_HISTOGRAMS = 2000;

/** Numbers that an entry of a parcel has. */
export const ENTRY_NUMBERS = 5;

/**
 * Copies series into parcels that are small enough to be made at a stretch; at least one, which is
 * empty when there are no series. `columns` of each is to be transferred.
 */
export function* packSeries(
  series: readonly LabelledSeries[],
  numbers: LabelNumbers,
): Generator<{ readonly parcel: SeriesParcel; readonly isLast: boolean }> {
  let from = 0;
  do {
    const to = parcelEnd(series, from);
    numbers.trim();
    const parcel = packed(series.slice(from, to), numbers);
    from = to;
    yield { parcel, isLast: from >= series.length };
  } while (from < series.length);
}

function parcelEnd(series: readonly LabelledSeries[], from: number): number {
  let floats = 0;
  let histograms = 0;
  let to = from;
  for (; to < series.length && to - from < MAX_SERIES; to++) {
    const one = series[to]!;
    floats += floatsOf(one);
    histograms += one.histograms?.length ?? 0;
    if (to > from && (floats > MAX_FLOATS || histograms > MAX_HISTOGRAMS)) break;
  }
  return to;
}

function floatsOf({ values, startTimestampsMs }: LabelledSeries): number {
  return values.length * (startTimestampsMs ? 3 : 2);
}

function packed(series: readonly LabelledSeries[], numbers: LabelNumbers): SeriesParcel {
  const columns = new Float64Array(series.reduce((sum, one) => sum + floatsOf(one), 0));
  const entries = new Int32Array(series.length * ENTRY_NUMBERS);
  const histograms: [number, NonNullable<LabelledSeries["histograms"]>][] = [];
  let end = 0;
  const put = (column: Float64Array): number => {
    const at = end;
    columns.set(column, at);
    end += column.length;
    return at;
  };
  for (const [i, one] of series.entries()) {
    const { labels, timestampsMs, values, startTimestampsMs } = one;
    const [times, floats] = [put(timestampsMs), put(values)];
    const starts = startTimestampsMs ? put(startTimestampsMs) : -1;
    entries.set(
      [numbers.numberOf(labels), values.length, times, floats, starts],
      i * ENTRY_NUMBERS,
    );
    if (one.histograms) histograms.push([i, one.histograms]);
  }
  return { columns: columns.buffer, entries, histograms, ...numbers.takeFresh() };
}
