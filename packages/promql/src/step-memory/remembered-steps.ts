import type { LabelledSeries, TimeRange } from "@avx/model";
import type { RemarkedSteps } from "../evaluator/annotations.ts";
import type { QueryResult } from "../query-engine.ts";

/** Some hundred charts of an hour; what nobody asked for longest goes first. */
const DEFAULT_MAX_BYTES = 32 * 1024 * 1024;
/** A point is two floats. */
const POINT_BYTES = 16;
/** Labels, and the objects around the columns of a series. */
const SERIES_BYTES = 500;
/** What is said of one step. */
const REMARK_BYTES = 150;
/** One table of thousands of series must not drive all charts out. */
const MAX_SHARE_OF_ONE = 0.25;

/** Where the steps lie (both inclusive), and the mark of the samples that they were made of. */
export interface StepsOrigin extends TimeRange {
  readonly mark: number;
}

/** Steps of one query as they were evaluated, sorted by labels. */
export interface Remembered extends StepsOrigin {
  readonly series: readonly LabelledSeries[];
  readonly remarks: RemarkedSteps | undefined;
}

/** Results of range queries by key, in the order of their last use, the oldest first. */
export class RememberedSteps {
  readonly #maxBytes: number;
  readonly #results = new Map<string, Remembered>();
  #bytes = 0;

  constructor(maxBytes = DEFAULT_MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  find(key: string): Remembered | undefined {
    const found = this.#results.get(key);
    if (found === undefined) return undefined;
    this.#results.delete(key);
    this.#results.set(key, found);
    return found;
  }

  /**
   * Keeps a result in place of an earlier one. Not one with remarks of which nobody knows the steps,
   * and not one with histograms, which are large.
   */
  keep(key: string, origin: StepsOrigin, result: QueryResult): void {
    this.#drop(key);
    const { value, remarkedSteps: remarks } = result;
    if (value.type !== "matrix" || hasUnclearRemarks(result)) return;
    if (value.series.some(({ histograms }) => histograms)) return;
    const kept = { ...origin, series: value.series, remarks };
    const bytes = sizeOf(key, kept);
    if (bytes > this.#maxBytes * MAX_SHARE_OF_ONE) return;
    this.#results.set(key, kept);
    this.#bytes += bytes;
    for (const oldest of this.#results.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    const found = this.#results.get(key);
    if (found === undefined) return;
    this.#results.delete(key);
    this.#bytes -= sizeOf(key, found);
  }
}

/** Whether anything is said of a result without naming steps. */
export function hasUnclearRemarks({ warnings, infos, remarkedSteps }: QueryResult): boolean {
  return warnings.length + infos.length > 0 && remarkedSteps === undefined;
}

function sizeOf(key: string, { series, remarks }: Remembered): number {
  const points = series.reduce((sum, { values }) => sum + values.length, 0);
  const remarked = (remarks?.details.size ?? 0) * REMARK_BYTES;
  return key.length + series.length * SERIES_BYTES + points * POINT_BYTES + remarked;
}
