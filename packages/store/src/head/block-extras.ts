import type { NativeHistogram } from "@avx/model";
import { withStoredHint } from "@avx/promql";

/** What a sample may have beside time and value. */
export interface Extra {
  readonly histogram: NativeHistogram | undefined;
  /** When its count began, Unix ms; 0 = unknown. */
  readonly startMs: number;
}

/** The same of many samples, as columns; a column that would say nothing is absent. */
export interface ExtraColumns {
  readonly histograms?: (NativeHistogram | undefined)[];
  readonly startTimestampsMs?: Float64Array;
}

/** The extras of a block, by the positions of its samples. Most blocks have none. */
export class BlockExtras {
  #length: number;
  #histograms: (NativeHistogram | undefined)[] | undefined;
  /** Pairs: from which position on which start holds. It changes when a process restarts. */
  #starts: number[] = [];

  /** For a block of so many samples without extras. */
  constructor(length: number) {
    this.#length = length;
  }

  append({ histogram, startMs }: Extra): void {
    if (histogram) this.#histograms ??= new Array(this.#length).fill(undefined);
    this.#histograms?.push(histogram && withStoredHint(histogram, this.#histograms.at(-1)));
    if (startMs !== (this.#starts.at(-1) ?? 0)) this.#starts.push(this.#length, startMs);
    this.#length++;
  }

  /** A sample came between others, and is the one at `at` now. */
  insert(at: number, extra: Extra): void {
    this.#change(at, 0, extra);
  }

  /** The sample at `at` was replaced. */
  replace(at: number, extra: Extra): void {
    this.#change(at, 1, extra);
  }

  #change(at: number, replaced: 0 | 1, { histogram, startMs }: Extra): void {
    if (histogram) this.#histograms ??= new Array(this.#length).fill(undefined);
    this.#histograms?.splice(at, replaced, histogram);
    this.#correctHint(at);
    this.#correctHint(at + 1);
    const starts = [...(this.#startsWithin(0, this.#length) ?? new Array(this.#length).fill(0))];
    starts.splice(at, replaced, startMs);
    this.#starts = [];
    for (const [i, start] of starts.entries()) {
      if (start !== (this.#starts.at(-1) ?? 0)) this.#starts.push(i, start);
    }
    this.#length = starts.length;
  }

  /** Says of a histogram whether its count goes on from the one before. */
  #correctHint(at: number): void {
    const histograms = this.#histograms;
    const histogram = histograms?.[at];
    if (histograms && histogram) histograms[at] = withStoredHint(histogram, histograms[at - 1]);
  }

  /** Those of the samples `from..to` (exclusive). */
  within(from: number, to: number): ExtraColumns {
    const startTimestampsMs = this.#startsWithin(from, to);
    return {
      ...(this.#histograms ? { histograms: this.#histograms.slice(from, to) } : {}),
      ...(startTimestampsMs ? { startTimestampsMs } : {}),
    };
  }

  #startsWithin(from: number, to: number): Float64Array | undefined {
    const runs = this.#starts;
    if (runs.length === 0) return undefined;
    const starts = new Float64Array(to - from);
    for (let k = 0; k < runs.length; k += 2) {
      if (runs[k]! < to) starts.fill(runs[k + 1]!, Math.max(0, runs[k]! - from));
    }
    return starts;
  }
}
