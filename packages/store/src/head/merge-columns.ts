import type { NativeHistogram, SampleColumns } from "@avx/model";

/**
 * One run of columns out of several, each ascending. Where two hold the same timestamp the later
 * part of the list wins. Parts that follow one another in time are only concatenated.
 */
export function mergeColumns(parts: readonly SampleColumns[]): SampleColumns {
  const filled = parts.filter((part) => part.timestampsMs.length > 0);
  const only = filled[0];
  if (filled.length === 1 && only) return only;
  return ascend(filled) ? concatenate(filled) : interleave(filled);
}

function ascend(parts: readonly SampleColumns[]): boolean {
  for (let i = 1; i < parts.length; i++) {
    const before = parts[i - 1]!.timestampsMs;
    if (before[before.length - 1]! >= parts[i]!.timestampsMs[0]!) return false;
  }
  return true;
}

function concatenate(parts: readonly SampleColumns[]): SampleColumns {
  const target = emptyColumns(parts, totalLength(parts));
  let at = 0;
  for (const part of parts) {
    target.timestampsMs.set(part.timestampsMs, at);
    target.values.set(part.values, at);
    if (part.startTimestampsMs) target.startTimestampsMs?.set(part.startTimestampsMs, at);
    part.histograms?.forEach((histogram, i) => {
      if (target.histograms) target.histograms[at + i] = histogram;
    });
    at += part.timestampsMs.length;
  }
  return target;
}

/** Merge of overlapping parts: a stable sort of (time, part), then the last of equal times. */
function interleave(parts: readonly SampleColumns[]): SampleColumns {
  const total = totalLength(parts);
  const order: { readonly part: SampleColumns; readonly i: number; readonly timeMs: number }[] = [];
  for (const part of parts) {
    for (let i = 0; i < part.timestampsMs.length; i++) {
      order.push({ part, i, timeMs: part.timestampsMs[i]! });
    }
  }
  order.sort((a, b) => a.timeMs - b.timeMs);
  const target = emptyColumns(parts, total);
  let length = 0;
  for (let k = 0; k < total; k++) {
    const { part, i, timeMs } = order[k]!;
    if (k + 1 < total && order[k + 1]!.timeMs === timeMs) continue;
    target.timestampsMs[length] = timeMs;
    target.values.set(part.values.subarray(i, i + 1), length);
    if (target.startTimestampsMs)
      target.startTimestampsMs[length] = part.startTimestampsMs?.[i] ?? 0;
    if (target.histograms) target.histograms[length] = part.histograms?.[i];
    length++;
  }
  return shortened(target, length);
}

interface MutableColumns {
  timestampsMs: Float64Array;
  values: Float64Array;
  histograms?: (NativeHistogram | undefined)[];
  startTimestampsMs?: Float64Array;
}

function emptyColumns(parts: readonly SampleColumns[], length: number): MutableColumns {
  const columns: MutableColumns = {
    timestampsMs: new Float64Array(length),
    values: new Float64Array(length),
  };
  if (parts.some((part) => part.histograms)) {
    columns.histograms = new Array<NativeHistogram | undefined>(length).fill(undefined);
  }
  if (parts.some((part) => part.startTimestampsMs)) {
    columns.startTimestampsMs = new Float64Array(length);
  }
  return columns;
}

function shortened(columns: MutableColumns, length: number): MutableColumns {
  if (length === columns.values.length) return columns;
  return {
    timestampsMs: columns.timestampsMs.slice(0, length),
    values: columns.values.slice(0, length),
    ...(columns.histograms ? { histograms: columns.histograms.slice(0, length) } : {}),
    ...(columns.startTimestampsMs
      ? { startTimestampsMs: columns.startTimestampsMs.slice(0, length) }
      : {}),
  };
}

function totalLength(parts: readonly SampleColumns[]): number {
  return parts.reduce((sum, part) => sum + part.timestampsMs.length, 0);
}
