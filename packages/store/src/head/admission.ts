import type { SampleColumns } from "@avx/model";
import type { AppendResult } from "../store.ts";
import { type AcceptanceWindow, refusalOf } from "./acceptance.ts";
import type { HeadSeries } from "./head-series.ts";
import { BLOCK_MS, blockStartOf } from "./sample-block.ts";
import type { SteadyBatch } from "./steady-batch.ts";

/** Samples `from..to` of `columns`: they ascend and lie in one block of `series`. */
export interface SampleRun {
  readonly series: HeadSeries;
  readonly columns: SampleColumns;
  readonly from: number;
  readonly to: number;
}

/** Samples that are taken and not written yet. */
export interface AdmittedSamples {
  /** Written one by one, before `steady`. */
  readonly runs: readonly SampleRun[];
  /** Series that came all together, as they did before. */
  readonly steady: SteadyBatch | undefined;
}

/** What of a batch is taken; `taken` goes to `write` or to `abandon` of the head. */
export interface Admission extends AppendResult {
  readonly taken: AdmittedSamples;
}

/** How many samples those are, and of how many runs. */
export function extentOf({ runs, steady }: AdmittedSamples): { runs: number; samples: number } {
  let samples = steady ? samplesOf(steady) : 0;
  for (const { from, to } of runs) samples += to - from;
  return { runs: runs.length + (steady?.list.series.length ?? 0), samples };
}

/** Collects the runs of one batch and the reason of the first refusals. */
export class AdmissionBuilder {
  private readonly window: AcceptanceWindow;
  private readonly runs: SampleRun[] = [];
  private steady: SteadyBatch | undefined;
  private accepted = 0;
  private rejected = 0;
  private reason = "";

  constructor(window: AcceptanceWindow) {
    this.window = window;
  }

  reject(samples: number, reason: string): void {
    this.rejected += samples;
    if (this.reason === "") this.reason = reason;
  }

  /** Cuts the samples into runs; a step back in time or a new block begins another run. */
  add(run: SampleRun): void {
    const { series, columns, from: begin, to: end } = run;
    const { timestampsMs } = columns;
    const { oldestMs, newestMs } = this.window;
    let from = begin;
    let previousMs = Infinity;
    let blockEndMs = -Infinity;
    for (let i = begin; i < end; i++) {
      const timeMs = timestampsMs[i]!;
      const isTaken = timeMs >= oldestMs && timeMs <= newestMs && Number.isInteger(timeMs);
      if (isTaken && timeMs > previousMs && timeMs < blockEndMs) {
        previousMs = timeMs;
        continue;
      }
      if (from < i) this.close({ series, columns, from, to: i });
      from = isTaken ? i : i + 1;
      previousMs = isTaken ? timeMs : Infinity;
      blockEndMs = blockStartOf(timeMs) + BLOCK_MS;
      if (!isTaken) this.reject(1, refusalOf(timeMs, this.window));
    }
    if (from < end) this.close(from === begin ? run : { series, columns, from, to: end });
  }

  /** Takes all samples of a steady batch. */
  addSteady(batch: SteadyBatch): void {
    batch.list.batchesUnderWay++;
    this.accepted += samplesOf(batch);
    this.steady = batch;
  }

  private close(run: SampleRun): void {
    run.series.runsUnderWay++;
    this.accepted += run.to - run.from;
    this.runs.push(run);
  }

  result(): Admission {
    const { runs, steady, accepted, rejected, reason } = this;
    return { taken: { runs, steady }, accepted, rejected, reason };
  }
}

function samplesOf({ columns }: SteadyBatch): number {
  return columns.ends.at(-1) ?? 0;
}
