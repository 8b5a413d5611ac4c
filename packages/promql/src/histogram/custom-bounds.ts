import { addCompensated, type CompensatedSum } from "../evaluator/compensated-sum.ts";
import type { BucketList, WorkingHistogram } from "./working-histogram.ts";

/** Whether two histograms with custom buckets have the very same bounds. */
export function sameBounds(a: Float64Array, b: Float64Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The bounds that both have. */
export function commonBounds(a: Float64Array, b: Float64Array): Float64Array {
  const inB = new Set(b);
  return a.filter((bound) => inB.has(bound));
}

/** How histograms of different custom bounds are brought together. */
export interface BoundsMerge {
  readonly sign: 1 | -1;
  readonly compensation?: WorkingHistogram | undefined;
}

/**
 * Adds `other` to `target` after mapping both to their common bounds: every bucket goes to the
 * first common bucket that contains it (Prometheus, addCustomBucketsWithMismatches).
 */
export function mergeAtCommonBounds(
  target: WorkingHistogram,
  other: WorkingHistogram,
  { sign, compensation }: BoundsMerge,
): void {
  const bounds = commonBounds(target.customBounds, other.customBounds);
  const cells: CompensatedSum[] = Array.from({ length: bounds.length + 1 }, () => ({
    sum: 0,
    compensation: 0,
  }));
  pour(cells, bounds, { ...target, sign: 1, compensation: compensation?.positive });
  pour(cells, bounds, { ...other, sign, compensation: undefined });
  const kept = cells
    .map((cell, index) => ({ ...cell, index }))
    .filter(({ sum, compensation: rest }) => sum !== 0 || rest !== 0);
  const indices = Int32Array.from(kept, ({ index }) => index);
  target.positive = { indices, counts: Float64Array.from(kept, ({ sum }) => sum) };
  target.customBounds = bounds;
  if (!compensation) return;
  compensation.positive = {
    indices,
    counts: Float64Array.from(kept, ({ compensation: rest }) => rest),
  };
  compensation.customBounds = bounds;
}

interface Poured {
  readonly positive: BucketList;
  readonly customBounds: Float64Array;
  readonly sign: 1 | -1;
  readonly compensation: BucketList | undefined;
}

function pour(cells: CompensatedSum[], bounds: Float64Array, poured: Poured): void {
  const { positive, customBounds, sign, compensation } = poured;
  let reached = 0;
  for (let i = 0; i < positive.indices.length; i++) {
    const index = positive.indices[i]!;
    const inside = index < customBounds.length;
    while (inside && reached < bounds.length && bounds[reached]! < customBounds[index]!) reached++;
    const cell = cells[inside ? reached : bounds.length]!; // reached <= bounds.length
    addCompensated(cell, sign * positive.counts[i]!);
    if (compensation) addCompensated(cell, compensation.counts[i]!);
  }
}
