import type { SampleColumns } from "@avx/model";
import type { AppendResult } from "../store.ts";
import { type AcceptanceWindow, refusalOf } from "./acceptance.ts";
import type { HeadSeries } from "./head-series.ts";
import { BLOCK_MS, blockStartOf } from "./sample-block.ts";

/** Samples `from..to` of `columns`: they ascend and lie in one block of `series`. */
export interface SampleRun {
  readonly series: HeadSeries;
  readonly columns: SampleColumns;
  readonly from: number;
  readonly to: number;
}

/** What of a batch is taken, cut into runs that can be written one by one. */
export interface Admission extends AppendResult {
  readonly runs: readonly SampleRun[];
}

/** Collects the runs of one batch and the reason of the first refusals. */
export class AdmissionBuilder {
  private readonly window: AcceptanceWindow;
  private readonly runs: SampleRun[] = [];
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

  private close(run: SampleRun): void {
    run.series.runsUnderWay++;
    this.accepted += run.to - run.from;
    this.runs.push(run);
  }

  result(): Admission {
    const { runs, accepted, rejected, reason } = this;
    return { runs, accepted, rejected, reason };
  }
}
