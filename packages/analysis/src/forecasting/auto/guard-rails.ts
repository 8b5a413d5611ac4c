/** A forecast may leave the range of the training samples by this many of its widths. */
const MAX_EXCESS_RANGES = 2;

/** Bounds that a believable forecast keeps. */
export interface GuardRails {
  readonly low: number;
  readonly high: number;
}

/** The range of the values widened on both sides, but not below 0 when no value was. */
export function guardRails(values: Float64Array): GuardRails {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const room = MAX_EXCESS_RANGES * (high - low);
  return { low: low >= 0 ? Math.max(0, low - room) : low - room, high: high + room };
}

/** The path held between the rails. */
export function keepWithin(path: Float64Array, { low, high }: GuardRails): Float64Array {
  return path.map((value) => Math.min(high, Math.max(low, value)));
}
