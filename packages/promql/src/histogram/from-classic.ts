import { AvxError, CUSTOM_BUCKETS_SCHEMA, type NativeHistogram } from "@avx/model";
import { compacted, noBuckets } from "./working-histogram.ts";

/** A classic histogram as its series give it at one time. */
export interface ClassicParts {
  /** Cumulative counts by upper bound. */
  readonly buckets: ReadonlyMap<number, number>;
  readonly count?: number;
  readonly sum?: number;
}

/**
 * A native histogram with custom buckets that says the same as a classic one. A missing count is
 * that of the highest bucket. Throws AvxError `malformed_payload` when the parts contradict.
 */
export function nativeFromClassic({ buckets, count, sum }: ClassicParts): NativeHistogram {
  const ordered = [...buckets].sort(([a], [b]) => a - b || 0);
  const total = count ?? ordered.at(-1)?.[1] ?? 0;
  if (ordered.at(-1)?.[0] !== Number.POSITIVE_INFINITY) ordered.push([Infinity, total]);
  let previous = 0;
  const counts = ordered.map(([upper, cumulative]) => {
    if (cumulative < previous) {
      throw contradiction(`the count at le=${upper} is below the one of the bucket before`);
    }
    const own = cumulative - previous;
    previous = cumulative;
    return own;
  });
  if (previous !== total) throw contradiction(`the count ${total} is not that of le=+Inf`);
  return compacted({
    schema: CUSTOM_BUCKETS_SCHEMA,
    zeroThreshold: 0,
    zeroCount: 0,
    sum: sum ?? 0,
    count: total,
    positive: {
      indices: Int32Array.from(counts, (_, i) => i),
      counts: Float64Array.from(counts),
    },
    negative: noBuckets(),
    customBounds: Float64Array.from(ordered.slice(0, -1), ([upper]) => upper),
    counterResetHint: "unknown",
  });
}

function contradiction(reason: string): AvxError {
  return new AvxError("malformed_payload", { format: "classic histogram", reason });
}
