import type { NativeHistogram } from "@avx/model";
import {
  addHistogram,
  addHistogramCompensated,
  divideHistogram,
  emptyCompensation,
  hasOverflow,
  scaleHistogram,
} from "../histogram/histogram-arithmetic.ts";
import {
  cloneWorking,
  type WorkingHistogram,
  workingCopy,
  workingView,
} from "../histogram/working-histogram.ts";

/** What came of summing or averaging histograms. */
export interface HistogramAggregate {
  /** Absent: exponential and custom buckets were mixed. */
  readonly histogram?: WorkingHistogram;
  readonly boundsReconciled: boolean;
  /** Some hinted at a counter reset, others at none. */
  readonly resetCollision: boolean;
  /** The first histogram that did not fit, by its position. */
  readonly misfit?: number;
}

/** Sums histograms with compensation. At least one is needed. */
export function sumHistograms(histograms: readonly NativeHistogram[]): HistogramAggregate {
  const sum = workingCopy(histograms[0]!);
  let compensation: WorkingHistogram | undefined;
  let boundsReconciled = false;
  const resetCollision = hintsCollide(histograms);
  for (let i = 1; i < histograms.length; i++) {
    compensation ??= emptyCompensation(sum);
    const added = addHistogramCompensated(sum, workingView(histograms[i]!), compensation);
    if (added.kind === "incompatible") return { boundsReconciled, resetCollision, misfit: i };
    boundsReconciled ||= added.boundsReconciled;
  }
  if (compensation) addHistogram(sum, compensation);
  return { histogram: sum, boundsReconciled, resetCollision };
}

/** The mean of histograms; the mean is carried forward once the sum would overflow. */
export function averageHistograms(histograms: readonly NativeHistogram[]): HistogramAggregate {
  const resetCollision = hintsCollide(histograms);
  let total = workingCopy(histograms[0]!);
  let compensation: WorkingHistogram | undefined;
  let incremental = false;
  let boundsReconciled = false;
  for (let i = 1; i < histograms.length; i++) {
    const count = i + 1;
    const next = workingCopy(histograms[i]!);
    if (!incremental) {
      const sum = cloneWorking(total);
      const rest = compensation ? cloneWorking(compensation) : emptyCompensation(sum);
      const added = addHistogramCompensated(sum, next, rest);
      if (added.kind === "incompatible") return { boundsReconciled, resetCollision, misfit: i };
      boundsReconciled ||= added.boundsReconciled;
      if (!hasOverflow(sum)) {
        total = sum;
        compensation = rest;
        continue;
      }
      incremental = true;
      divideHistogram(total, count - 1);
      if (compensation) divideHistogram(compensation, count - 1);
    }
    const weight = (count - 1) / count;
    scaleHistogram(total, weight);
    compensation = compensation ? scaleHistogram(compensation, weight) : emptyCompensation(total);
    const added = addHistogramCompensated(total, divideHistogram(next, count), compensation);
    if (added.kind === "incompatible") return { boundsReconciled, resetCollision, misfit: i };
    boundsReconciled ||= added.boundsReconciled;
  }
  if (!incremental) {
    divideHistogram(total, histograms.length);
    if (compensation) divideHistogram(compensation, histograms.length);
  }
  if (compensation) addHistogram(total, compensation);
  return { histogram: total, boundsReconciled, resetCollision };
}

function hintsCollide(histograms: readonly NativeHistogram[]): boolean {
  const has = (hint: NativeHistogram["counterResetHint"]) =>
    histograms.some(({ counterResetHint }) => counterResetHint === hint);
  return has("reset") && has("not-reset");
}
