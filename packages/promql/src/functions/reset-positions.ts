import { isStartReset, overlapsPrevious } from "./start-timestamps.ts";

/** Float samples of one series, with start timestamps where known. */
export interface CounterSamples {
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  readonly startsMs?: Float64Array | undefined;
}

/** Where a counter was reset, found once a series so that windows need not look at every sample. */
export interface ResetPositions {
  /** Ascending indices of the first sample after each reset. */
  readonly resets: Int32Array;
  /** Ascending indices of samples whose start timestamp contradicts the sample before. */
  readonly overlaps: Int32Array;
}

const NONE = new Int32Array(0);

/** From this length on looking again costs more than remembering. */
const REMEMBERED_LENGTH = 256;

/** What was found in columns that no reader changes any more, for as long as they are kept. */
const KNOWN = new WeakMap<Float64Array, ResetPositions>();

/** Finds the resets: a value that falls, or a start timestamp that says so. */
export function findResets({ timesMs, values, startsMs }: CounterSamples): ResetPositions {
  if (startsMs) return findWithStarts({ timesMs, values, startsMs });
  const known = values.length >= REMEMBERED_LENGTH ? KNOWN.get(values) : undefined;
  if (known) return known;
  const found = { resets: findFalls(values), overlaps: NONE };
  if (values.length >= REMEMBERED_LENGTH) KNOWN.set(values, found);
  return found;
}

function findFalls(values: Float64Array): Int32Array {
  let resets: number[] | undefined;
  for (let i = 1; i < values.length; i++) {
    if (values[i]! < values[i - 1]!) {
      resets ??= [];
      resets.push(i);
    }
  }
  return resets ? Int32Array.from(resets) : NONE;
}

function findWithStarts(samples: CounterSamples & { readonly startsMs: Float64Array }) {
  const { timesMs, values, startsMs } = samples;
  const resets: number[] = [];
  const overlaps: number[] = [];
  for (let i = 1; i < values.length; i++) {
    const previous = { timeMs: timesMs[i - 1]!, startMs: startsMs[i - 1]! };
    const current = { timeMs: timesMs[i]!, startMs: startsMs[i]! };
    if (values[i]! < values[i - 1]! || isStartReset(previous, current)) resets.push(i);
    if (overlapsPrevious(previous, current)) overlaps.push(i);
  }
  return { resets: Int32Array.from(resets), overlaps: Int32Array.from(overlaps) };
}
