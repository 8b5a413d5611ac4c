import { compareLabels, type LabelledSeries } from "@avx/model";

/**
 * Two results of one query as one, each sorted by labels and without histograms; all times of
 * `earlier` lie before those of `later`.
 */
export function joinSteps(
  earlier: readonly LabelledSeries[],
  later: readonly LabelledSeries[],
): readonly LabelledSeries[] {
  if (earlier.length === 0) return later;
  const joined: LabelledSeries[] = [];
  let i = 0;
  let k = 0;
  while (i < earlier.length || k < later.length) {
    const old = earlier[i];
    const fresh = later[k];
    const order = old && fresh ? compareLabels(old.labels, fresh.labels) : 0;
    const takesOld = old !== undefined && order <= 0;
    const takesFresh = fresh !== undefined && order >= 0;
    if (takesOld && takesFresh) joined.push(joinedSeries(old, fresh));
    else if (takesOld) joined.push(old);
    else if (takesFresh) joined.push(fresh);
    if (takesOld) i++;
    if (takesFresh) k++;
  }
  return joined;
}

function joinedSeries(old: LabelledSeries, fresh: LabelledSeries): LabelledSeries {
  return {
    labels: old.labels,
    timestampsMs: joinedColumn(old.timestampsMs, fresh.timestampsMs),
    values: joinedColumn(old.values, fresh.values),
  };
}

function joinedColumn(old: Float64Array, fresh: Float64Array): Float64Array {
  const column = new Float64Array(old.length + fresh.length);
  column.set(old);
  column.set(fresh, old.length);
  return column;
}

/** The points from `startMs` to `endMs`, both inclusive; series without any are left out. */
export function cutSteps(
  series: readonly LabelledSeries[],
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
): readonly LabelledSeries[] {
  const kept: LabelledSeries[] = [];
  for (const one of series) {
    const { labels, timestampsMs, values } = one;
    const { length } = timestampsMs;
    let from = 0;
    while (from < length && timestampsMs[from]! < startMs) from++;
    let to = length;
    while (to > from && timestampsMs[to - 1]! > endMs) to--;
    if (from === to) continue;
    if (to - from === length) kept.push(one);
    else {
      const within = { timestampsMs: timestampsMs.subarray(from, to) };
      kept.push({ labels, ...within, values: values.subarray(from, to) });
    }
  }
  return kept;
}
