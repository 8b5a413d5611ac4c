import type { BlockSamples } from "../../head/sample-block.ts";

/** Differences looked at for the step: an odd number, so that the median is one of them. */
const LOOKED_AT = 9;

/** The usual distance of two samples in ms: the median of the first few; 0 for a single sample. */
export function typicalStep({ offsets, length }: BlockSamples): number {
  const count = Math.min(LOOKED_AT, length - 1);
  if (count <= 0) return 0;
  const steps = Array.from({ length: count }, (_, i) => offsets[i + 1]! - offsets[i]!);
  return steps.sort((a, b) => a - b)[count >> 1]!;
}

/**
 * Where the grid begins, ms since the start of the block: the median of what the first few samples
 * say, not the first one alone, which may itself lie beside the grid; not before the block.
 */
export function gridStart({ offsets, length }: BlockSamples, step: number): number {
  const count = Math.min(LOOKED_AT, length);
  if (count === 0) return 0;
  const starts = Array.from({ length: count }, (_, i) => offsets[i]! - i * step);
  return Math.max(0, starts.sort((a, b) => a - b)[count >> 1]!);
}

/** How far each sample lies from the grid, written to `jitter`. Fits 32 bits in a block. */
export function jitterOf(
  { offsets, length }: BlockSamples,
  { start, step }: { readonly start: number; readonly step: number },
  jitter = new Int32Array(length),
): Int32Array {
  for (let i = 0; i < length; i++) jitter[i] = offsets[i]! - start - i * step;
  return jitter;
}

/** A chunk's times: sample i lies at `firstMs + i * stepMs + jitter[i]`. */
export class TimeGrid {
  readonly firstMs: number;
  readonly stepMs: number;
  readonly jitter: Int32Array;

  constructor(firstMs: number, stepMs: number, jitter: Int32Array) {
    this.firstMs = firstMs;
    this.stepMs = stepMs;
    this.jitter = jitter;
  }

  at(i: number): number {
    return this.firstMs + i * this.stepMs + this.jitter[i]!;
  }

  /** Index of the first sample at or after `timeMs`. */
  lowerBound(timeMs: number): number {
    let low = 0;
    let high = this.jitter.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) < timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Writes the times of the samples `from..to` to `target` from `at` on. */
  write({ from, to }: { from: number; to: number }, target: Float64Array, at: number): void {
    const { firstMs, stepMs, jitter } = this;
    for (let i = from, k = at; i < to; i++, k++) target[k] = firstMs + i * stepMs + jitter[i]!;
  }
}
