import type { LabelledSeries, Labels } from "@avx/model";
import type { SeriesParcel } from "./messages.ts";
import { ENTRY_NUMBERS } from "./pack-series.ts";

/** Opens the parcels of one sender, in their order: it remembers the label sets of earlier ones. */
export class ParcelReader {
  #labels: Labels[] = [];

  /** The series of a parcel; their columns are views of its buffer. */
  unpack(parcel: SeriesParcel): LabelledSeries[] {
    if (parcel.forget) this.#labels = [];
    this.#labels.push(...parcel.labels);
    const histograms = new Map(parcel.histograms);
    const series: LabelledSeries[] = [];
    for (let i = 0; i * ENTRY_NUMBERS < parcel.entries.length; i++) {
      const one = this.#seriesAt(parcel, i);
      const ofSeries = histograms.get(i);
      series.push(ofSeries ? { ...one, histograms: ofSeries } : one);
    }
    return series;
  }

  #seriesAt({ columns, entries }: SeriesParcel, i: number): LabelledSeries {
    // Packed by `packSeries`, which writes five numbers for each series.
    const at = i * ENTRY_NUMBERS;
    const [number, length] = [entries[at]!, entries[at + 1]!];
    const [times, values, starts] = [entries[at + 2]!, entries[at + 3]!, entries[at + 4]!];
    const column = (from: number) => new Float64Array(columns, from * 8, length);
    return {
      labels: this.#labels[number]!,
      timestampsMs: column(times),
      values: column(values),
      ...(starts < 0 ? {} : { startTimestampsMs: column(starts) }),
    };
  }
}
