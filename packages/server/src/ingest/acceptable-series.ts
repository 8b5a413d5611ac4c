import type { LabelledSeries, Labels, PackedSeries } from "@avx/model";
import { pickSamples } from "@avx/wire";
import { isLongerThan, LABEL_LIMITS } from "./limits.ts";
import type { Refusals } from "./refusals.ts";
import { type TimeWindow, timestampFault } from "./time-window.ts";

/**
 * Labels that were found within the limits. A steady sender's labels come as the same object again,
 * and reading all their texts each time is a tenth of the cost of a sample.
 */
const soundLabels = new WeakSet<Labels>();
/** The same of whole lists: a steady sender's requests bring the same list again. */
const soundLists = new WeakSet<readonly Labels[]>();

/** The series within the limits and the time window: as they are, cut, or left out. */
export function acceptableSeries(
  series: readonly LabelledSeries[],
  window: TimeWindow,
  refusals: Refusals,
): LabelledSeries[] {
  return series.flatMap((one) => {
    const { labels, timestampsMs } = one;
    const fault = labelFault(labels);
    if (fault !== undefined) {
      refusals.add(fault, timestampsMs.length);
      return [];
    }
    if (isInside(timestampsMs[0]!, timestampsMs[timestampsMs.length - 1]!, window)) return [one];
    const kept: number[] = [];
    timestampsMs.forEach((timestampMs, i) => {
      const reason = timestampFault(timestampMs, window);
      if (reason === undefined) kept.push(i);
      else refusals.add(reason);
    });
    return kept.length === 0 ? [] : [{ labels, ...pickSamples(one, kept) }];
  });
}

/** The same of packed series; nothing is copied as long as nothing is refused. */
export function acceptablePacked(
  packed: PackedSeries,
  window: TimeWindow,
  refusals: Refusals,
): PackedSeries {
  const { labels, ends, timestampsMs } = packed;
  let from = 0;
  for (let i = 0; i < labels.length; i++) {
    const end = ends[i]!;
    if (!isInside(timestampsMs[from]!, timestampsMs[end - 1]!, window)) {
      return withoutRefused(packed, window, refusals);
    }
    from = end;
  }
  if (soundLists.has(labels)) return packed;
  if (!labels.every(hasSoundLabels)) return withoutRefused(packed, window, refusals);
  soundLists.add(labels);
  return packed;
}

function hasSoundLabels(labels: Labels): boolean {
  if (soundLabels.has(labels)) return true;
  if (labelFault(labels) !== undefined) return false;
  soundLabels.add(labels);
  return true;
}

/** Whether samples from `firstMs` to `lastMs` all lie within the window. */
function isInside(firstMs: number, lastMs: number, window: TimeWindow): boolean {
  return firstMs >= window.earliestMs && lastMs <= window.latestMs;
}

function withoutRefused(
  packed: PackedSeries,
  window: TimeWindow,
  refusals: Refusals,
): PackedSeries {
  const labels: Labels[] = [];
  const ends: number[] = [];
  const kept: number[] = [];
  let i = 0;
  packed.labels.forEach((ofSeries, row) => {
    const fault = labelFault(ofSeries);
    const before = kept.length;
    for (const end = packed.ends[row]!; i < end; i++) {
      const reason = fault ?? timestampFault(packed.timestampsMs[i]!, window);
      if (reason === undefined) kept.push(i);
      else refusals.add(reason);
    }
    if (kept.length === before) return;
    labels.push(ofSeries);
    ends.push(kept.length);
  });
  return { labels, ends: Uint32Array.from(ends), ...pickSamples(packed, kept) };
}

/** The limit that a label set breaks, or undefined. */
export function labelFault(labels: Labels): string | undefined {
  if (labels.length > 2 * LABEL_LIMITS.maxCount) return "too_many_attributes";
  for (let i = 0; i < labels.length; i += 2) {
    if (isLongerThan(labels[i]!, LABEL_LIMITS.maxNameBytes)) return "attribute_name_too_long";
    if (isLongerThan(labels[i + 1]!, LABEL_LIMITS.maxValueBytes)) {
      return "attribute_value_too_long";
    }
  }
  return undefined;
}
