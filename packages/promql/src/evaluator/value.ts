import type { Labels, NativeHistogram } from "@avx/model";

/** What a series has at a step. */
export const ABSENT = 0;
/** Presence mark of a step that holds a float. */
export const FLOAT = 1;
/** Presence mark of a step that holds a native histogram. */
export const HISTOGRAM = 2;

/**
 * One series of an instant vector over all steps, as columns: `present[i]` says what step `i` has;
 * `values[i]` counts only where it is FLOAT, `histograms[i]` only where it is HISTOGRAM.
 */
export interface SeriesColumn {
  readonly labels: Labels;
  readonly values: Float64Array;
  readonly present: Uint8Array;
  readonly histograms?: (NativeHistogram | undefined)[];
  /** With delayed name removal: the metric name goes when the query is done. */
  readonly dropName: boolean;
}

/** An instant vector. With one step, the order of the series is the order of the result. */
export interface VectorValue {
  readonly kind: "vector";
  readonly series: readonly SeriesColumn[];
}

/** A scalar has a value at every step. */
export interface ScalarValue {
  readonly kind: "scalar";
  readonly values: Float64Array;
}

/** The value of a string literal, the same at every step. */
export interface StringValue {
  readonly kind: "string";
  readonly text: string;
}

/** What a plan node evaluates to, over all steps. */
export type Value = VectorValue | ScalarValue | StringValue;

/** A column that is still being filled: the map of histograms appears with the first one. */
export interface ColumnWriter {
  readonly values: Float64Array;
  readonly present: Uint8Array;
  histograms?: (NativeHistogram | undefined)[];
}

/** An empty column of `count` steps. */
export function newColumn(count: number): ColumnWriter {
  return { values: new Float64Array(count), present: new Uint8Array(count) };
}

/** Sets step `i` to a float. */
export function putFloat(column: ColumnWriter, i: number, value: number): void {
  column.values[i] = value;
  column.present[i] = FLOAT;
}

/** Sets step `i` to a histogram. */
export function putHistogram(column: ColumnWriter, i: number, histogram: NativeHistogram): void {
  column.histograms ??= new Array(column.values.length);
  column.histograms[i] = histogram;
  column.present[i] = HISTOGRAM;
}

/** Whether the column has nothing at any step. */
export function isEmptyColumn(column: { readonly present: Uint8Array }): boolean {
  return column.present.every((mark) => mark === ABSENT);
}

/** Identity of a series to go with its column. */
export interface ColumnIdentity {
  readonly labels: Labels;
  readonly dropName: boolean;
}

/** The finished series of a column. */
export function seriesOf(column: ColumnWriter, identity: ColumnIdentity): SeriesColumn {
  const { values, present, histograms } = column;
  const { labels, dropName } = identity;
  return histograms
    ? { labels, values, present, histograms, dropName }
    : { labels, values, present, dropName };
}

/** Copies step `i` of `source` to the same step of `target`. */
export function copyStep(target: ColumnWriter, source: SeriesColumn, i: number): void {
  const mark = source.present[i];
  if (mark === FLOAT) putFloat(target, i, source.values[i]!);
  else if (mark === HISTOGRAM) {
    const histogram = source.histograms?.[i];
    if (histogram) putHistogram(target, i, histogram);
  }
}
